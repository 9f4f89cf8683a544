/** The first thing to find out: what a delivery has to be like for the endpoint to take it. */
import type { Provider, Scheme } from '../providers/model.js';
import type { SendOutcome } from '../send.js';
import { RAW_BODY } from '../signature/diagnosis/raw-body.js';
import { fitsScheme } from '../signature/keys.js';
import { type Bench, isTaken } from './bench.js';
import type { Diagnosis } from './model.js';
import { STYLES } from './restyle.js';

export interface Footing {
  /**
   * - `as_sent`: it takes what the provider sends.
   * - `respelled`: only a body that is spelled as a JSON writer would; the bench does that from then on.
   * - `otherwise_signed`: only what is signed in another way than the provider's.
   * - `none`: it took nothing.
   */
  readonly kind: 'as_sent' | 'respelled' | 'otherwise_signed' | 'none';
  /** What it answered to a delivery as the provider sends it. */
  readonly answer: SendOutcome;
  /** Why it refuses what the provider sends, where that was found. */
  readonly cause: Diagnosis | null;
}

const NAME = 'footing';

/** How the endpoint has to be spoken to; found with the first request. */
export function footingOf(bench: Bench): Promise<Footing> {
  return bench.once(NAME, () => findFooting(bench));
}

/** True once it is being found out. */
export function knowsFooting(bench: Bench): boolean {
  return bench.has(NAME);
}

/** Sends a genuine delivery and, where it is refused, the same with one fault at a time that the endpoint may have built in. */
async function findFooting(bench: Bench): Promise<Footing> {
  const first = bench.asSent();
  const answer = await bench.deliver(first);
  if (isTaken(answer)) return { kind: 'as_sent', answer, cause: null };
  if (answer.outcome === 'failed' || !bench.signs) return { kind: 'none', answer, cause: null };

  const tried = new Set([latin1(first.body)]);
  for (const style of STYLES) {
    const request = bench.asSent();
    const body = style.write(request.body);
    if (body === null || tried.has(latin1(style.write(first.body) ?? body))) continue;
    tried.add(latin1(style.write(first.body) ?? body));
    const respelled = await bench.deliver(bench.signedAnew(request, { body }));
    if (!isTaken(respelled)) continue;
    bench.style = style;
    return { kind: 'respelled', answer, cause: parsedBody(style.name) };
  }
  for (const { cause, provider } of otherWays(bench.provider, bench.options.secret ?? '')) {
    const otherwise = await bench.deliver(bench.signedAnew(bench.asSent(), { provider }));
    if (isTaken(otherwise)) return { kind: 'otherwise_signed', answer, cause };
  }
  return { kind: 'none', answer, cause: null };
}

/** What it means that only bodies a JSON writer would write are taken. */
export function parsedBody(writer: string): Diagnosis {
  return {
    code: 'parsed_json',
    message: `It verifies JSON that was parsed and written again (${writer}), not the bytes that came.`,
    hint: RAW_BODY,
  };
}

interface OtherWay {
  readonly cause: Diagnosis;
  readonly provider: Provider;
}

/** The provider as a handler that got one detail of its scheme wrong believes it to be. */
function* otherWays(provider: Provider, secret: string): Generator<OtherWay> {
  const [scheme] = provider.schemes.filter(({ sends, kind }) => sends && kind === 'hmac');
  if (scheme === undefined) return;
  const way = (code: string, message: string, hint: string, change: Partial<Scheme>): OtherWay[] => {
    const changed = { ...scheme, ...change };
    if (!fitsScheme(changed, secret)) return [];
    return [{ cause: { code, message, hint }, provider: { ...provider, schemes: [changed] } }];
  };
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    if (scheme.encoding.startsWith(encoding) && (encoding !== 'base64' || scheme.encoding === 'base64')) continue;
    yield* way(
      'signature_encoding',
      `It compares the signature in ${encoding}, and ${provider.title} writes it in ${scheme.encoding}.`,
      `Compute it as ${scheme.encoding}: digest('${scheme.encoding}').`,
      { encoding },
    );
  }
  if (scheme.prefix !== '') {
    yield* way(
      'signature_prefix',
      `It takes the signature only without the '${scheme.prefix}' that ${provider.title} writes before it.`,
      `Take '${scheme.prefix}' off the header's value, or put it before what you compute.`,
      { prefix: '' },
    );
  }
  for (const [keys, words] of [
    [[{ encoding: 'utf8' }], 'as the text it is, prefix and all'],
    [[{ encoding: 'base64' }], 'after decoding it from base64'],
    [[{ encoding: 'hex' }], 'after decoding it from hex'],
    [[{ encoding: 'base64', prefix: 'whsec_' }], 'without its prefix and after decoding it from base64'],
  ] as const) {
    if (JSON.stringify(scheme.keys) === JSON.stringify(keys)) continue;
    const own = scheme.keys.map(({ encoding, prefix }) => (prefix === undefined ? encoding : `${encoding} after '${prefix}'`));
    yield* way(
      'secret_decoding',
      `It uses the secret ${words}; ${provider.title} reads it as ${own.join(' or ')}.`,
      `Make the key from the secret as ${provider.title} does.`,
      { keys },
    );
  }
  for (const algorithm of ['sha256', 'sha1', 'sha512'] as const) {
    if (scheme.algorithm === algorithm) continue;
    yield* way(
      'signature_algorithm',
      `It hashes with ${algorithm.toUpperCase()}, and ${provider.title} with ${scheme.algorithm.toUpperCase()}.`,
      `Use createHmac('${scheme.algorithm}', …).`,
      { algorithm },
    );
  }
  for (const content of ['{body}', '{timestamp}.{body}', '{timestamp}{body}']) {
    if (scheme.content === content || (content.includes('{timestamp}') && scheme.timestamp.length === 0)) continue;
    yield* way(
      'signed_content',
      `It signs ${content}, and ${provider.title} signs ${scheme.content}.`,
      `Put together exactly ${scheme.content} before hashing.`,
      { content },
    );
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
