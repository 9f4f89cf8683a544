import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { curlCommandTo } from '../core/delivery/curl.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { fileNameOf } from '../core/delivery/file-name.js';
import { HAR_END, type HarOptions, harEntry, harStart } from '../core/delivery/har.js';
import { bodyToJson } from '../core/delivery/json.js';
import { urlOf, writeRawRequest } from '../core/delivery/raw.js';
import { Redactor } from '../core/delivery/redact.js';
import { redactNamed } from '../core/delivery/redact-named.js';
import { WebhookError } from '../core/errors.js';
import { targetUrl } from '../core/forward.js';
import { providerOutlines } from '../core/providers/load.js';
import { countDeliveries, grouped } from '../core/units.js';
import { type OutputFile, type OutputOptions, openOutput, writeInto } from '../io/output-file.js';
import { parseTarget } from '../io/target.js';
import { decodeContent } from '../render/content.js';
import { safe, safeJson } from '../render/terminal.js';
import { jsonPages } from './shared/export/json-pages.js';
import { BETWEEN, type Page, pieceWriter } from './shared/export/json-piece.js';
import { nothingSelected, type SelectionFlags, selectionOptions } from './shared/selection.js';
import { openSession, type Session } from './shared/session.js';
import { openSource, type Source } from './shared/source.js';
import { writeBytes } from './shared/stdout.js';
import { type CommonFlags, examples, type Verb, verb } from './shared/verb.js';

interface ExportFlags extends CommonFlags, SelectionFlags {
  readonly format?: string;
  readonly output?: string;
  readonly to?: string;
  readonly force?: boolean;
}

const FORMATS = ['json', 'har', 'curl', 'http'] as const;
type Format = (typeof FORMATS)[number];
const STDOUT_PIECE = 64 * 1024;
const EXTENSIONS: Readonly<Record<Format, string>> = { json: 'json', har: 'har', curl: 'sh', http: 'http' };

export const exportVerb: Verb = verb<ExportFlags>({
  define: (command) =>
    selectionOptions(command.argument('[selector...]', 'ids or unique prefixes of ids, last, last:5, or files; else all'))
      .option('--format <format>', "json, har, curl or http; else told from the output's name (json)")
      .option('-o, --output <file|dir>', 'a file, or a folder (dir/) for a file each; else stdout')
      .option('-t, --to <url>', 'for curl: where to send, in place of where they came to')
      .option('--force', 'overwrite files that are there')
      .addHelpText(
        'after',
        examples(
          ["webhook export --event 'order.*' -o deliveries/", 'a JSON file for each, to commit and compare'],
          ['webhook export --since 2h -o session.har', 'an HTTP Archive for the developer tools of a browser, without secrets'],
          ['webhook export last --format curl --to http://localhost:3000/webhooks | sh', 'send it by hand'],
        ),
      ),

  async run(context, flags, args) {
    const session = await openSession(context, flags);
    const { renderer } = session;
    const format = formatOf(flags);
    const form = await formOf(session, flags, format);
    const source = await openSource(session, flags, args);
    const sink = await openSink(context, flags, form);
    const progress = renderer.progress('Exporting');
    try {
      for await (const count of exportAll(source, form, sink)) progress.update(`Exported ${grouped(count)}`);
      await sink.finish();
      progress.done();
      if (flags.output !== undefined) report(session, flags.output, format, sink);
    } finally {
      progress.done();
      await sink.abandon();
      await renderer.flush();
      await source.close();
    }
    return 0;
  },
});

/** Gives how many there are by now, from time to time. */
async function* exportAll({ kept, deliveries }: Source, { pages }: Form, sink: Sink): AsyncGenerator<number, void, undefined> {
  if (kept === null || pages === null || sink.addPage === null) {
    for await (const delivery of deliveries()) {
      await sink.add(delivery);
      if (sink.count % 1_000 === 0) yield sink.count;
    }
    return;
  }
  for await (const page of jsonPages(kept.store, kept.store.parts(kept.selector), pages)) {
    await sink.addPage(page);
    yield sink.count;
  }
  if (sink.count === 0) throw nothingSelected(kept.store, kept.selector);
}

function formatOf({ format, output }: ExportFlags): Format {
  if (format === undefined) {
    const extension = /\.([a-z]+)$/i.exec(output ?? '')?.[1]?.toLowerCase();
    return FORMATS.find((one) => EXTENSIONS[one] === extension || one === extension) ?? 'json';
  }
  const found = FORMATS.find((one) => one === format);
  if (found === undefined) throw new WebhookError('usage', `--format is json, har, curl or http, not '${format}'.`);
  return found;
}

type Text = string | Uint8Array;

/** How deliveries are written: several in one file, and one in a file of its own. */
interface Form {
  readonly extension: string;
  readonly start: string;
  readonly between: string;
  readonly end: string;
  piece(delivery: Delivery): Text;
  /** As what many of them are written at a time; null: one by one. */
  readonly pages: 'line' | 'item' | null;
  /** Null: a file holds one alone. */
  readonly whole: ((delivery: Delivery) => Text) | null;
}

async function formOf(session: Session, flags: ExportFlags, format: Format): Promise<Form> {
  const lines = flags.json === true && flags.output === undefined;
  const extension = EXTENSIONS[format];
  switch (format) {
    case 'json':
      return jsonForm(extension, lines);
    case 'har': {
      const options = await harOptions(session, flags.showSecrets === true);
      const start = harStart(WEBHOOK_VERSION);
      const piece = (delivery: Delivery): string => safeJson(JSON.stringify(harEntry(delivery, options)));
      // On a line each, except where all of it has to be one line.
      const [before, between] = lines ? ['', ','] : ['\n', ',\n'];
      const form = { extension, start: start + before, between, end: HAR_END };
      return { ...form, pages: null, piece, whole: (delivery) => start + piece(delivery) + HAR_END };
    }
    case 'curl': {
      const target = flags.to === undefined ? null : parseTarget(flags.to).url;
      const command = ({ request }: Delivery): string =>
        curlCommandTo(target === null ? urlOf(request) : targetUrl(target, request.path), request);
      if (lines) return lineForm(extension, (delivery) => ({ type: 'curl', id: delivery.id, command: command(delivery) }));
      const piece = (delivery: Delivery): string => `# ${titleOf(delivery)}\n${command(delivery)}\n`;
      return {
        extension,
        start: '#!/bin/sh\n',
        between: '\n',
        end: '',
        pages: null,
        piece,
        whole: (one) => `#!/bin/sh\n${piece(one)}`,
      };
    }
    case 'http': {
      if (lines) {
        return lineForm(extension, ({ id, request }) => ({ type: 'http', id, ...bodyToJson(writeRawRequest(request)) }));
      }
      return {
        extension,
        start: '',
        between: '',
        end: '',
        pages: null,
        piece: ({ request }) => writeRawRequest(request),
        whole: null,
      };
    }
  }
}

/** As lines, NDJSON. */
function jsonForm(extension: string, lines: boolean): Form {
  const whole = pieceWriter(lines ? 'line' : 'whole');
  if (lines) return { extension, start: '', between: BETWEEN.line, end: '', pages: 'line', piece: whole, whole };
  return { extension, start: '[\n', between: BETWEEN.item, end: '\n]\n', pages: 'item', piece: pieceWriter('item'), whole };
}

/** NDJSON. */
function lineForm(extension: string, record: (delivery: Delivery) => unknown): Form {
  const piece = (delivery: Delivery): string => `${safeJson(JSON.stringify(record(delivery)))}\n`;
  return { extension, start: '', between: '', end: '', pages: null, piece, whole: piece };
}

/** What stands in a comment must not end it. */
function titleOf({ id, event, receivedAt }: Delivery): string {
  return safe(`${new Date(receivedAt).toISOString()} ${event ?? ''} ${id}`.replace(/\s+/g, ' '));
}

async function harOptions(session: Session, showSecrets: boolean): Promise<HarOptions> {
  const redactor = new Redactor();
  if (!showSecrets) for (const { secretPlaces } of await providerOutlines(session.config.providers)) redactor.hide(secretPlaces);
  return {
    headers: (headers) => (showSecrets ? headers : redactor.headers(headers)),
    url: (url) => (showSecrets ? url : redactor.url(url)),
    body: showSecrets ? null : (body) => redactNamed(redactor.body(body)),
    decode: (headers, body) => decodeContent(headers, body),
  };
}

/** Where it goes: standard output, a file, or a folder. */
interface Sink {
  count: number;
  /** Of a folder: how many files were there with the same content, and left alone. */
  same: number;
  add(delivery: Delivery): Promise<void>;
  /** Null: each has a place of its own. */
  readonly addPage: ((page: Page) => Promise<void>) | null;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

async function openSink(context: Context, flags: ExportFlags, form: Form): Promise<Sink> {
  const { output } = flags;
  const options = { force: flags.force === true, cwd: context.cwd };
  if (output !== undefined && (/[\\/]$/.test(output) || (await isFolder(resolve(context.cwd, output))))) {
    return folderSink(output, form, options);
  }
  const file = output === undefined || output === '-' ? stdoutFile(context) : await openOutput(output, options);
  return fileSink(file, form);
}

function folderSink(folder: string, form: Form, options: OutputOptions): Sink {
  return {
    count: 0,
    same: 0,
    async add(delivery) {
      const bytes = Buffer.from((form.whole ?? form.piece)(delivery));
      const written = await writeInto(folder, fileNameOf(delivery, form.extension), bytes, options);
      this.count++;
      if (!written) this.same++;
    },
    addPage: null,
    finish: async () => {},
    abandon: async () => {},
  };
}

function fileSink(file: OutputFile, form: Form): Sink {
  // One that stands alone is held back until it is known that none follows.
  let held: Text | null = null;
  return {
    count: 0,
    same: 0,
    async add(delivery) {
      if (form.whole === null && this.count > 0) {
        throw new WebhookError('usage', 'A raw HTTP message fills a file, and several deliveries are selected.', {
          hint: 'Give a folder: -o messages/',
        });
      }
      const piece = form.piece(delivery);
      this.count++;
      if (form.whole === null) held = piece;
      else {
        await file.write(this.count === 1 ? form.start : form.between);
        await file.write(piece);
      }
    },
    async addPage({ bytes, deliveries }) {
      if (deliveries === 0) return;
      await file.write(this.count === 0 ? form.start : form.between);
      await file.write(bytes);
      this.count += deliveries;
    },
    async finish() {
      await file.write(held ?? form.end);
      await file.finish();
    },
    abandon: () => file.abandon(),
  };
}

function stdoutFile({ stdout }: Context): OutputFile {
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    if (bytes.length > 0) await writeBytes(stdout, bytes);
  };
  return {
    async write(piece) {
      waiting.push(Buffer.from(piece as string));
      size += piece.length;
      if (size > STDOUT_PIECE) await flush();
    },
    finish: flush,
    abandon: async () => {},
  };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function report({ renderer }: Session, path: string, format: Format, { count, same }: Sink): void {
  const what = countDeliveries(count);
  const unchanged = same === 0 ? '' : ` (${grouped(same)} of them there already)`;
  const redacted = format === 'har' ? ' Secrets and signatures are left out; --show-secrets keeps them.' : '';
  renderer.done(`Exported ${what} to ${path}${unchanged}.${redacted}`, {
    type: 'exported',
    path,
    format,
    deliveries: count,
    unchanged: same,
  });
}
