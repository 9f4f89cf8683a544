import { resolve } from 'node:path';
import type { Context } from '../context.js';
import type { Delivery } from '../core/delivery/delivery.js';
import { parseHeadersFile } from '../core/delivery/raw.js';
import { WebhookError } from '../core/errors.js';
import { type HeaderList, replaceHeaders, textToHeader } from '../core/http/headers.js';
import { orList } from '../core/nearest.js';
import { identify } from '../core/providers/batch.js';
import { detectProvider } from '../core/providers/detect.js';
import type { Provider } from '../core/providers/model.js';
import { RequestReader } from '../core/providers/read.js';
import { secretVariable } from '../core/providers/variable.js';
import { certificateAddress } from '../core/signature/certificate.js';
import { isUnsigned } from '../core/signature/unsigned.js';
import { unchecked, type VerifyInput, verifySignature } from '../core/signature/verify.js';
import { fromHttpMessage, isHttpMessage } from '../io/delivery-files.js';
import { readInput } from '../io/files.js';
import { isFile } from '../io/project.js';
import { createSpeaker } from '../render/create.js';
import type { Speaker } from '../render/renderer.js';
import { knownProviders } from './shared/detection.js';
import { explain } from './shared/explain.js';
import { headerFlags } from './shared/headers.js';
import { exportedDelivery } from './shared/input.js';
import { nothingSelected, selectorOf } from './shared/selection.js';
import { durationOf, openSession, type SecretFlags, type Session } from './shared/session.js';
import { parseTime } from './shared/time.js';
import { type CommonFlags, collect, examples, SECRET, SECRET_FILE, type Verb, verb } from './shared/verb.js';

interface VerifyFlags extends CommonFlags, SecretFlags {
  readonly provider?: string;
  readonly signature?: string;
  readonly header?: readonly string[];
  readonly headers?: string;
  readonly at?: string;
  readonly url?: string;
  readonly method?: string;
  readonly tolerance?: string;
  readonly fetchCertificate?: boolean;
}

/** What is verified, wherever it came from. */
interface Subject {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly provider: string | null;
  /** Unix time in milliseconds; null: the input does not say when it arrived. */
  readonly receivedAt: number | null;
}

export const verify: Verb = verb<VerifyFlags>({
  define: (command) =>
    command
      .argument(
        '<input>',
        "a body, an HTTP message (.http), an exported delivery (.json), '-' for standard input, or a kept delivery's id",
      )
      .option(...SECRET)
      .option(...SECRET_FILE)
      .option('--provider <name>', 'whose scheme it is; else told from the headers')
      .option('--signature <value>', "the value of the provider's signature header")
      .option('-H, --header <line>', 'a header it came with (repeatable)', collect)
      .option('--headers <file>', 'a file with its headers: lines, or JSON')
      .option('--at <time>', "the clock to check its age against: a time, or 'received'")
      .option('--url <url>', 'the URL the sender used, where the scheme signs it')
      .option('--method <method>', 'the method, where the scheme signs it')
      .option('--tolerance <duration>', "how far its timestamp may be off, in place of the provider's own")
      .option('--fetch-certificate', "fetch the certificate it names, from the provider's own hosts only (Amazon SNS, PayPal)")
      .addHelpText(
        'after',
        examples(
          ['webhook verify body.json --provider connect2print --signature 5257a8…', 'a saved body and the value of its header'],
          ['webhook verify request.http', 'a whole HTTP message, told by its headers'],
          ['webhook verify last --at received', 'a kept delivery, at the time it came'],
        ),
      ),

  async run(context, flags, [input]) {
    const session = await openSession(context, flags, createSpeaker);
    const subject = await readSubject(session, flags, input as string);
    const named = await session.provider(flags.provider ?? subject.provider ?? undefined);
    const given = headerFlags(flags.header);
    const fromFile = flags.headers === undefined ? [] : parseHeadersFile(await readInput(flags.headers, context));
    const beside = replaceHeaders(replaceHeaders(subject.headers, fromFile), given);
    const headers = flags.signature === undefined ? beside : withSignature(named, beside, flags.signature);
    const url = flags.url ?? null;
    const reader = new RequestReader({ headers, body: subject.body, path: url ?? subject.path });
    const { provider, why } = named === null ? await detect(session, reader) : { provider: named, why: '' };
    const secrets =
      flags.fetchCertificate && provider !== null
        ? await certified(session, provider, { headers, body: subject.body }, flags)
        : await session.secrets(provider, flags);
    const request = {
      headers,
      body: subject.body,
      secrets,
      now: clock(context, flags.at, subject.receivedAt),
      method: flags.method ?? subject.method,
      path: subject.path,
      url,
      tolerance: durationOf(flags.tolerance, 'tolerance', session.config.toleranceMs),
    };
    const verdict = provider === null ? unchecked('unknown_provider', why) : verifySignature(provider, request, reader);
    const explained =
      provider === null || verdict.status !== 'invalid' ? null : await explain(session, provider, verdict, request);
    session.renderer.verdict(
      { ...verdict, diagnosis: explained?.findings ?? [] },
      {
        provider: provider?.name ?? null,
        event: provider === null ? null : identify(provider, reader).event,
        detail: explained?.tried ?? (verdict.reason === 'no_secret' ? howToGive(provider, request) : null),
      },
    );
    await session.renderer.flush();
    return { valid: 0, invalid: 3, unchecked: 2 }[verdict.status];
  },
});

/** The secrets, each with the certificate that the request names. */
async function certified(
  session: Session<Speaker>,
  provider: Provider,
  request: Pick<Subject, 'headers' | 'body'>,
  flags: VerifyFlags,
): Promise<readonly string[]> {
  const { url, source } = certificateAddress(provider, request);
  const given = await session.secretsOfAnyForm(provider, flags);
  const { createSender } = await import('../io/sender.js');
  const { fetchCertificate } = await import('../io/fetch-certificate.js');
  const sender = createSender();
  try {
    const certificate = await fetchCertificate(url, sender.send);
    return (given.length === 0 ? [null] : given).map((secret) => source.join(certificate, secret));
  } finally {
    await sender.close();
  }
}

async function readSubject(session: Session<Speaker>, flags: VerifyFlags, input: string): Promise<Subject> {
  const { context } = session;
  const isId = /^(last|(dlv_)?[0-9A-HJKMNP-TV-Z]{4,26})$/i.test(input);
  if (isId && !isFile(resolve(context.cwd, input))) return subjectOf(await readKept(session, input));
  const bytes = await readInput(input, context);
  // With a signature given beside it, the input is a body whatever it looks like.
  if (flags.signature === undefined && flags.header === undefined && flags.headers === undefined) {
    if (isHttpMessage(bytes)) return { ...subjectOf(fromHttpMessage(bytes, context.now())), receivedAt: null };
    const delivery = exportedDelivery(bytes);
    if (delivery !== null) return subjectOf(delivery);
  }
  return { headers: [], body: bytes, method: 'POST', path: '/', provider: null, receivedAt: null };
}

function subjectOf({ request, provider, receivedAt }: Delivery): Subject {
  return { ...request, provider, receivedAt };
}

async function readKept(session: Session<Speaker>, id: string): Promise<Delivery> {
  const store = await session.openStore({ mustExist: true, readOnly: true });
  try {
    const selector = selectorOf([id], {}, 0);
    for (const delivery of store.select(selector)) return delivery;
    throw nothingSelected(store, selector);
  } finally {
    await store.close();
  }
}

/** Null where a secret would change nothing. */
function howToGive(provider: Provider | null, { secrets, body }: Pick<VerifyInput, 'secrets' | 'body'>): string | null {
  if (provider === null || provider.schemes.length === 0 || secrets.length > 0 || isUnsigned(provider, body)) return null;
  return `Set ${secretVariable(provider.name)} in the environment, or pass --secret-file <file>.`;
}

function withSignature(provider: Provider | null, headers: HeaderList, value: string): HeaderList {
  const at = provider?.schemes.flatMap((scheme) => scheme.at).find((locator) => locator.startsWith('header:'));
  if (at === undefined) {
    throw new WebhookError('usage', '--signature says a value, and not whose header it is of.', {
      hint: "Add --provider <name>, or give the header whole: -H 'X-Name: value'.",
    });
  }
  return replaceHeaders(headers, [[at.slice('header:'.length).replace('{n}', '1'), textToHeader(value)]]);
}

async function detect(session: Session<Speaker>, reader: RequestReader): Promise<{ provider: Provider | null; why: string }> {
  const detection = detectProvider(reader, await (await knownProviders(session)).fitting(reader));
  if (detection.status === 'detected') return { provider: detection.provider, why: '' };
  if (detection.status === 'unknown')
    return { provider: null, why: 'No provider’s signature was recognised in it: say whose it is with --provider.' };
  return {
    provider: null,
    why: `It could be from ${orList(detection.candidates.map(({ name }) => name))}: say which with --provider.`,
  };
}

function clock(context: Context, at: string | undefined, receivedAt: number | null): number {
  if (at === undefined) return context.now();
  if (at !== 'received') return parseTime(at, '--at');
  if (receivedAt !== null) return receivedAt;
  throw new WebhookError('usage', "'--at received' needs a kept or exported delivery: nothing else says when it came.", {
    hint: 'Give the time instead: --at 2026-11-22T14:02:11Z',
  });
}
