/** In what form deliveries are exported. */
import { curlCommandTo } from '../../../core/delivery/curl.js';
import type { Delivery } from '../../../core/delivery/delivery.js';
import { HAR_END, type HarOptions, harEntry, harStart } from '../../../core/delivery/har.js';
import { bodyToJson } from '../../../core/delivery/json.js';
import { urlOf, writeRawRequest } from '../../../core/delivery/raw.js';
import { Redactor } from '../../../core/delivery/redact.js';
import { redactNamed } from '../../../core/delivery/redact-named.js';
import { WebhookError } from '../../../core/errors.js';
import { targetUrl } from '../../../core/forward.js';
import { providerOutlines } from '../../../core/providers/load.js';
import { parseTarget } from '../../../io/target.js';
import { decodeContent } from '../../../render/content.js';
import { safe, safeJson } from '../../../render/terminal.js';
import type { Session } from '../session.js';
import { BETWEEN, pieceWriter } from './json-piece.js';

export interface FormFlags {
  readonly format?: string;
  readonly output?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly showSecrets?: boolean;
}

const FORMATS = ['json', 'har', 'curl', 'http'] as const;
export type Format = (typeof FORMATS)[number];
const EXTENSIONS: Readonly<Record<Format, string>> = { json: 'json', har: 'har', curl: 'sh', http: 'http' };

/**
 * The format that is asked for; else what the output's name says, else JSON.
 *
 * @throws WebhookError `usage` where there is none of that name.
 */
export function formatOf({ format, output }: FormFlags): Format {
  if (format === undefined) {
    const extension = /\.([a-z]+)$/i.exec(output ?? '')?.[1]?.toLowerCase();
    return FORMATS.find((one) => EXTENSIONS[one] === extension || one === extension) ?? 'json';
  }
  const found = FORMATS.find((one) => one === format);
  if (found === undefined) throw new WebhookError('usage', `--format is json, har, curl or http, not '${format}'.`);
  return found;
}

/** Of a file, all of it or a part. */
export type Text = string | Uint8Array;

/** How deliveries are written: several in one file, and one in a file of its own. */
export interface Form {
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

export async function formOf(session: Session, flags: FormFlags, format: Format): Promise<Form> {
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
