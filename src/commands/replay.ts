import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { curlCommand } from '../core/delivery/curl.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { WebhookError } from '../core/errors.js';
import { applyEdits, type Edit } from '../core/events/edits.js';
import { targetUrl } from '../core/forward.js';
import { endToEndHeaders, replaceHeaders, withoutHeaders } from '../core/http/headers.js';
import type { OutgoingRequest } from '../core/http/message.js';
import type { Provider } from '../core/providers/model.js';
import { signRequest, withoutSignature } from '../core/signature/sign.js';
import { parseTarget } from '../io/target.js';
import { chooseDelivery } from './shared/choose.js';
import { addSet, addUnset } from './shared/edits.js';
import { type ExpectFlags, expectationOf } from './shared/expectation.js';
import { headerFlags } from './shared/headers.js';
import { type SelectionFlags, selectionOptions } from './shared/selection.js';
import { type Job, sendAll, waitForTarget } from './shared/sending.js';
import { durationOf, filled, openSession, type SecretFlags, type Session, wholeNumber } from './shared/session.js';
import { openSource, type Source } from './shared/source.js';
import { freshId } from './shared/time.js';
import { type CommonFlags, collect, examples, type Verb, verb } from './shared/verb.js';

interface ReplayFlags extends CommonFlags, SecretFlags, SelectionFlags, ExpectFlags {
  readonly to?: string;
  readonly asIs?: boolean;
  readonly resign?: boolean;
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly edit?: boolean;
  readonly header?: readonly string[];
  readonly speed: string;
  readonly ordered?: boolean;
  readonly concurrency?: string;
  readonly times: string;
  readonly timeout?: string;
  readonly wait?: string;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
}

export const replay: Verb = verb<ReplayFlags>({
  define: (command) =>
    selectionOptions(
      command
        .argument(
          '[selector...]',
          'ids or unique prefixes of ids, last, last:5, or files: exported deliveries (.json), HTTP messages (.http)',
        )
        .option('-t, --to <url>', 'where to send (else WEBHOOK_URL, else the config)'),
    )
      .option('--as-is', 'keep the signature it came with')
      .option('--resign', 'make a new signature')
      .option('-s, --secret <secret>', 'signing secret; seen in process lists, the environment is safer (repeatable)', collect)
      .option('--secret-file <file>', 'a file that holds the secret (repeatable)', collect)
      .option('--set <path=value>', 'set a value in the body (repeatable)', addSet)
      .option('--unset <path>', 'take a value out of the body (repeatable)', addUnset)
      .option('--edit', 'change the body in $EDITOR first')
      .option('-H, --header <line>', "replace or add a header; 'Name:' drops it (repeatable)", collect)
      .option('--speed <original|2x|max>', 'keep the gaps there were between them, scaled', 'max')
      .option('--ordered', 'the next only after the answer (the default)')
      .option('--concurrency <n>', 'so many at once')
      .option('--times <n>', 'all of it so many times', '1')
      .option('--timeout <duration>', "how long to wait for an answer (the provider's own, else 10s)")
      .option('--expect <statuses>', 'what counts as delivered: 2xx, 200,202 (2xx)')
      .option('--expect-body <text|/regex/>', 'what the answer must hold')
      .option('--within <duration>', 'how soon the answer must come')
      .option('--wait <duration>', 'wait so long for the target to accept connections')
      .option('--dry-run', 'print the requests, send nothing')
      .option('--curl', 'print them as curl commands, send nothing')
      .addHelpText(
        'after',
        examples(
          ['webhook replay last --to http://localhost:3000/webhooks', 'the newest delivery again, the same bytes'],
          ["webhook replay --event 'order.*' --since 2h --failed --to localhost:3000", 'all that went wrong, oldest first'],
          ['webhook replay 01JD3V --set data.order.total=0.00 --expect 200', 'with a change, signed anew, and checked'],
        ),
      ),

  async run(context, flags, args) {
    if (flags.asIs && flags.resign)
      throw new WebhookError('usage', '--as-is keeps the signature and --resign replaces it; give one of them.');
    if (flags.ordered && flags.concurrency !== undefined) {
      throw new WebhookError('usage', '--ordered sends one at a time and --concurrency several; give one of them.');
    }
    const session = await openSession(context, flags);
    const { renderer } = session;
    const expectation = expectationOf(flags);
    const times = wholeNumber(flags.times, '--times', 1);
    const concurrency = flags.concurrency === undefined ? 1 : wholeNumber(flags.concurrency, '--concurrency', 1, 10_000);
    const pace = paceOf(flags.speed);
    const target = parseTarget(requiredTarget(session, flags)).url;
    const source = await openSource(session, flags, args, {
      unsaid: async () => ({ ids: [await chooseDelivery(session)] }),
      writes: true,
    });
    const sender = (await import('../io/sender.js')).createSender({ connections: concurrency, now: context.now });
    try {
      const prepare = await createPreparation(session, flags, target);
      if (flags.edit) await requireOne(source);
      if (flags.dryRun || flags.curl) {
        for await (const delivery of source.deliveries()) {
          const { request } = await prepare(delivery);
          if (flags.curl) renderer.curl(curlCommand(request));
          else renderer.request(request);
          await renderer.room();
        }
        return 0;
      }
      await waitForTarget(sender, target, flags.wait, context.signal);
      const timeoutMs = durationOf(flags.timeout, 'timeout', session.config.timeoutMs);
      const { kept } = source;
      const summary = await sendAll(jobsOf(source, prepare, { times, pace, timeoutMs }), {
        context,
        renderer,
        sender,
        expectation,
        concurrency,
        rate: null,
        replay: true,
        record: kept === null ? null : (delivery, attempt) => kept.store.finish(delivery.id, { attempts: [attempt] }),
      });
      prepare.report();
      renderer.sendSummary(summary);
      if (summary.interrupted) return 130;
      return summary.failed === 0 ? 0 : 4;
    } finally {
      await renderer.flush();
      await sender.close();
      await source.close();
    }
  },
});

async function requireOne(source: Source): Promise<void> {
  let count = 0;
  for await (const _ of source.deliveries()) {
    count++;
    if (count > 1) {
      throw new WebhookError('usage', '--edit changes one delivery, and several are selected.', {
        hint: 'Name one id; --set changes many alike.',
      });
    }
  }
}

interface Prepared {
  readonly request: OutgoingRequest;
  readonly provider: Provider | null;
}

interface Preparation {
  (delivery: Delivery): Promise<Prepared>;
  /** Says how many were signed anew and how many kept their signature. */
  report(): void;
}

/** Makes of a kept delivery the request that goes out, and decides about its signature. */
async function createPreparation(session: Session, flags: ReplayFlags, target: string): Promise<Preparation> {
  const { context } = session;
  const edits = [...(flags.set ?? []), ...(flags.unset ?? [])];
  const own = headerFlags(flags.header);
  const known = new Map<string, { provider: Provider | null; secrets: readonly string[] }>();
  let resigned = 0;
  let kept = 0;

  async function signerOf(name: string | null): Promise<{ provider: Provider | null; secrets: readonly string[] }> {
    const key = name ?? '';
    const before = known.get(key);
    if (before !== undefined) return before;
    const provider = await session.provider(name ?? undefined);
    const signer = { provider, secrets: flags.asIs ? [] : await session.secrets(provider, flags) };
    known.set(key, signer);
    return signer;
  }

  const prepare = async (delivery: Delivery): Promise<Prepared> => {
    const { provider, secrets } = await signerOf(delivery.provider);
    let body = applyEdits(delivery.request.body, edits);
    if (flags.edit) body = await editBody(context, body);
    const edited = body !== delivery.request.body;
    const url = targetUrl(target, delivery.request.path);
    const headers = withoutHeaders(endToEndHeaders(delivery.request.headers), ['host', 'content-length', 'expect']);
    const { method } = delivery.request;
    const signs = decideToSign(flags, provider, secrets, edited);
    if (!signs || provider === null) {
      kept++;
      return { request: { method, url, headers: replaceHeaders(headers, own), body }, provider };
    }
    resigned++;
    const bare = replaceHeaders(withoutSignature(provider, headers), own);
    const id = delivery.eventId ?? freshId(provider, context);
    const signed = signRequest(provider, { headers: bare, body, secrets, id, timestamp: context.now(), method, url });
    const signedBody = applyEdits(
      body,
      signed.edits.map(([path, json]) => ({ kind: 'set', path, json })),
    );
    return { request: { method, url, headers: replaceHeaders([...bare, ...signed.headers], own), body: signedBody }, provider };
  };
  const report = (): void => {
    if (resigned > 0 && kept > 0) session.renderer.info(`${resigned} signed anew, ${kept} with the signature they came with.`);
    else if (resigned > 0) session.renderer.info('Signed anew. (--as-is keeps the signature it came with.)');
    else if (kept > 0) session.renderer.info('Sent with the signature it came with. (--resign makes a new one.)');
  };
  return Object.assign(prepare, { report });
}

/** By default a new signature is made where one is known to be needed: the scheme signs the time, or the body was edited. */
function decideToSign(flags: ReplayFlags, provider: Provider | null, secrets: readonly string[], edited: boolean): boolean {
  if (flags.asIs) return false;
  if (flags.resign && provider === null) {
    throw new WebhookError('usage', 'It is not known whose signature to make.', { hint: 'Add --provider <name>.' });
  }
  // Without a secret, signing says what is missing.
  if (flags.resign) return true;
  const signsTime = provider?.schemes.some((scheme) => scheme.sends && scheme.timestamp.length > 0) ?? false;
  return secrets.length > 0 && (provider?.schemes.length ?? 0) > 0 && (edited || signsTime);
}

async function* jobsOf(
  source: Source,
  prepare: Preparation,
  options: { times: number; pace: number | null; timeoutMs: number | null },
): AsyncGenerator<Job> {
  const { times, pace, timeoutMs } = options;
  let offset = 0;
  for (let round = 0; round < times; round++) {
    let first: number | null = null;
    let last = 0;
    for await (const delivery of source.deliveries()) {
      first ??= delivery.receivedAt;
      last = delivery.receivedAt - first;
      const { request, provider } = await prepare(delivery);
      yield {
        delivery,
        request,
        timeoutMs: timeoutMs ?? provider?.timeoutMs ?? 10_000,
        due: pace === null ? null : offset + last / pace,
      };
    }
    if (pace !== null) offset += last / pace;
  }
}

/** `original` is 1, `2x` is 2, `max` null: no gaps. */
function paceOf(text: string): number | null {
  if (text === 'max') return null;
  if (text === 'original') return 1;
  const factor = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (factor !== undefined && Number(factor) > 0) return Number(factor);
  throw new WebhookError('usage', `'${text}' is not a speed.`, { hint: 'Write original, 2x, 0.5x or max.' });
}

function requiredTarget(session: Session, flags: ReplayFlags): string {
  const target = flags.to ?? filled(session.context.env.WEBHOOK_URL) ?? session.config.to;
  if (target !== null && target !== undefined) return target;
  throw new WebhookError('usage', 'It is not said where to send.', { hint: "Add --to <url>, or set 'to' in the config." });
}

/** Opens the bytes in $VISUAL or $EDITOR and gives what was saved. */
async function editBody(context: Context, body: Uint8Array): Promise<Uint8Array> {
  const editor = filled(context.env.VISUAL) ?? filled(context.env.EDITOR);
  if (editor === undefined)
    throw new WebhookError('usage', 'There is no editor: $EDITOR is not set.', { hint: 'Set it, or change values with --set.' });
  const { spawn } = await import('node:child_process');
  const folder = await mkdtemp(join(tmpdir(), 'webhook-edit-'));
  const file = join(folder, 'body.json');
  try {
    await writeFile(file, body, { mode: 0o600 });
    const code = await new Promise<number | null>((resolve, reject) => {
      // $EDITOR may hold arguments ("code --wait"), which is for a shell to take apart.
      const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit', cwd: context.cwd, env: { ...context.env } });
      child.on('error', reject);
      child.on('exit', resolve);
    });
    if (code !== 0) throw new WebhookError('interrupted', `The editor ended with ${code ?? 'a signal'}; nothing was sent.`);
    const edited = await readFile(file);
    return Buffer.compare(edited, body) === 0 ? body : edited;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
