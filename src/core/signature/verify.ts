import type { HeaderList } from '../http/headers.js';
import type { Provider, Scheme } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { type Carried, carries, findSignatures, placeName, readBeside } from './carrier.js';
import { anySignatureMatches, signatureLength } from './compute.js';
import { pathOf, signedContent } from './content.js';
import type { CustomScheme } from './custom/model.js';
import { decode } from './encoding.js';
import { fitsScheme } from './keys.js';
import { checkAge, readTimestamp } from './timestamp.js';
import { isUnsigned } from './unsigned.js';
import { NO_SECRET, type Verdict, type VerdictReason } from './verdict.js';

export interface VerifyInput {
  readonly headers: HeaderList;
  /** The raw bytes as they came. */
  readonly body: Uint8Array;
  /** During a rotation, several; any of them may match. */
  readonly secrets: readonly string[];
  /** Unix time in milliseconds. */
  readonly now: number;
  readonly method?: string;
  /** Path and query as received. */
  readonly path?: string;
  /** The absolute URL as the sender knows it, for schemes that sign it. */
  readonly url?: string | null;
  /** Milliseconds, both ways, in place of the provider's own. */
  readonly tolerance?: number | null;
}

/**
 * Says whether a request was signed by who holds one of the secrets. Whatever came from outside gives a verdict, never
 * an exception. The message never holds the expected signature or a secret.
 *
 * @param provider How requests are signed.
 * @param input The request; a `reader` made from it before may be passed on, so that its body is parsed only once.
 */
export function verifySignature(
  provider: Provider,
  input: VerifyInput,
  reader: RequestReader = new RequestReader({ headers: input.headers, body: input.body, path: input.url ?? input.path ?? '/' }),
): Verdict {
  if (provider.schemes.length === 0)
    return unchecked('no_secret', `${provider.title} does not sign its deliveries, so there is nothing to check.`);
  if (provider.unsigned !== null && isUnsigned(provider, input.body) && !carriesSignature(provider, reader)) {
    return unchecked('no_secret', provider.unsigned.why);
  }
  if (input.secrets.length === 0) return unchecked('no_secret', NO_SECRET);

  let best: Outcome = { rank: -1, reason: 'missing_signature', message: '' };
  for (const scheme of provider.schemes) {
    const outcome = verifyScheme(scheme, input, reader);
    if (outcome.reason === null) return { status: 'valid', reason: null, message: outcome.message, diagnosis: [] };
    if (outcome.rank > best.rank) best = outcome;
  }
  const reason = best.reason ?? 'missing_signature';
  return { status: 'invalid', reason, message: best.message, diagnosis: [] };
}

function carriesSignature({ schemes }: Provider, reader: RequestReader): boolean {
  return schemes.some((scheme) => findSignatures(scheme, reader) !== null);
}

/** The verdict on what could not be checked. */
export function unchecked(reason: 'no_secret' | 'unknown_provider', message: string): Verdict {
  return { status: 'unchecked', reason, message, diagnosis: [] };
}

/** `reason` null: valid. Of several schemes, the outcome with the highest rank came nearest. */
interface Outcome {
  readonly rank: number;
  readonly reason: VerdictReason | null;
  readonly message: string;
}

const RANK = { absent: 0, malformed: 1, timestamp: 2, mismatch: 3, stale: 4, valid: 5 };

function verifyScheme(scheme: Scheme, input: VerifyInput, reader: RequestReader): Outcome {
  if (scheme.custom !== null) return verifyCustom(scheme, input, reader);
  const carried = findSignatures(scheme, reader);
  const place = carried?.place ?? scheme.at.map(placeName).slice(0, 1).join('');
  if (carried === null) return { rank: RANK.absent, reason: 'missing_signature', message: `The request carries no ${place}.` };
  const decoded = decodeAll(scheme, carried);
  if (typeof decoded === 'string') return { rank: RANK.malformed, reason: 'malformed_signature', message: decoded };

  const timestamp = readBeside(scheme.timestamp, reader, carried.items);
  const id = readBeside(scheme.messageId, reader, carried.items);
  const { past, future } = toleranceOf(scheme, input);
  const limited = scheme.timestamp.length > 0 && (past !== null || future !== null);
  if (timestamp === null && (limited || scheme.content.includes('{timestamp}'))) {
    const where = scheme.timestamp.map(placeName).slice(0, 1).join('');
    const why = scheme.content.includes('{timestamp}') ? 'The signature covers a timestamp' : 'Its age is limited';
    return { rank: RANK.timestamp, reason: 'timestamp_missing', message: `${why}, and the request carries no ${where}.` };
  }
  if (id === null && scheme.content.includes('{id}')) {
    const where = scheme.messageId.map(placeName).slice(0, 1).join('');
    return {
      rank: RANK.mismatch,
      reason: 'mismatch',
      message: `The signature covers an id, and the request carries no ${where}.`,
    };
  }
  const usable = input.secrets.filter((secret) => fitsScheme(scheme, secret));
  const matching = usable.findIndex((secret) => {
    const values = { timestamp, id, url: input.url ?? null, method: input.method ?? 'POST', secret };
    const { pieces, missing } = signedContent(scheme, reader, values);
    return !missing.includes('url') && anySignatureMatches(scheme, pieces, secret, decoded);
  });
  if (matching < 0)
    return { rank: RANK.mismatch, reason: 'mismatch', message: mismatchMessage(scheme, input, carried, usable.length) };

  const stale = timestamp === null ? null : checkTimestamp(scheme, input, timestamp);
  if (stale !== null) return stale;
  const which = input.secrets.length > 1 ? ` with secret ${matching + 1} of ${input.secrets.length}` : '';
  return { rank: RANK.valid, reason: null, message: `The signature in ${place} matches${which}.` };
}

function decodeAll(scheme: Scheme, carried: Carried): Uint8Array[] | string {
  const expected = signatureLength(scheme);
  const decoded: Uint8Array[] = [];
  for (const text of carried.signatures) {
    const bytes = decode(text, scheme.encoding);
    if (bytes !== null && bytes.length > 0 && (expected === null || bytes.length === expected)) decoded.push(bytes);
  }
  if (decoded.length > 0) return decoded;
  const wanted = expected === null ? `a ${encodingName(scheme)} signature` : `${describeLength(expected, scheme)}`;
  const shown = scheme.prefix === '' ? wanted : `'${scheme.prefix}' and then ${wanted}`;
  const first = carried.signatures[0];
  if (carried.items.every((item) => item === '')) return `${carried.place} is empty; expected ${shown}.`;
  if (first === undefined) return `${carried.place} holds nothing that begins with '${scheme.prefix}'; expected ${shown}.`;
  const length =
    decode(first, scheme.encoding) === null
      ? `${first.length} characters that are not ${encodingName(scheme)}`
      : `${first.length} characters`;
  return `${carried.place} holds ${length}; expected ${shown}.`;
}

function describeLength(bytes: number, scheme: Scheme): string {
  const characters = scheme.encoding.startsWith('hex')
    ? bytes * 2
    : scheme.encoding === 'base64'
      ? Math.ceil(bytes / 3) * 4
      : Math.ceil((bytes * 4) / 3);
  return `${characters} ${encodingName(scheme)} characters (${scheme.kind === 'ed25519' ? 'Ed25519' : scheme.algorithm.toUpperCase()})`;
}

function encodingName({ encoding }: Scheme): string {
  return encoding === 'hex-upper' ? 'hex' : encoding;
}

function mismatchMessage(scheme: Scheme, input: VerifyInput, carried: Carried, usable: number): string {
  if (usable === 0) return `The signature in ${carried.place} is of another kind than the secret.`;
  if (scheme.content.includes('{url}') && (input.url ?? null) === null) {
    return `The signature in ${carried.place} covers the URL, and the URL the sender used is not known.`;
  }
  const secrets = input.secrets.length > 1 ? `any of the ${input.secrets.length} secrets` : 'the secret';
  return scheme.kind === 'token'
    ? `The token in ${carried.place} is not ${secrets}.`
    : `The signature in ${carried.place} does not match the body and ${secrets}.`;
}

function toleranceOf(scheme: Scheme, input: VerifyInput): Scheme['tolerance'] {
  return input.tolerance == null ? scheme.tolerance : { past: input.tolerance, future: input.tolerance };
}

function checkTimestamp(scheme: Scheme, input: VerifyInput, text: string): Outcome | null {
  const tolerance = toleranceOf(scheme, input);
  if (tolerance.past === null && tolerance.future === null) return null;
  const at = readTimestamp(text, scheme.timestampUnits);
  if (at === null)
    return {
      rank: RANK.stale,
      reason: 'timestamp_missing',
      message: 'The signature matches, but its timestamp cannot be read as a time.',
    };
  const wholeSeconds = scheme.timestampUnits.every((unit) => unit === 's') && tolerance.exact !== true;
  const problem = checkAge(at, wholeSeconds ? Math.floor(input.now / 1_000) * 1_000 : input.now, tolerance);
  return problem === null
    ? null
    : { rank: RANK.stale, reason: problem.reason, message: `The signature matches, but ${problem.message}.` };
}

function verifyCustom(scheme: Scheme, input: VerifyInput, reader: RequestReader): Outcome {
  if (!scheme.at.some((place) => carries(place, reader))) return CUSTOM_OUTCOMES.absent;
  let best = CUSTOM_OUTCOMES.absent;
  const usable = input.secrets.filter((secret) => fitsScheme(scheme, secret));
  if (usable.length === 0) return { ...CUSTOM_OUTCOMES.mismatch, message: 'The signature is of another kind than the secret.' };
  for (const secret of usable) {
    const { headers, body, now } = input;
    const url = input.url ?? null;
    const path = input.path ?? (url === null ? '/' : pathOf(url));
    const method = input.method ?? 'POST';
    const said =
      scheme.custom?.verify({ headers, body, url, path, method, secret, now, tolerance: input.tolerance ?? null }) ?? 'absent';
    const outcome = CUSTOM_OUTCOMES[said];
    if (outcome.rank > best.rank) best = outcome;
  }
  return best;
}

const CUSTOM_OUTCOMES: Readonly<Record<ReturnType<CustomScheme['verify']>, Outcome>> = {
  valid: { rank: RANK.valid, reason: null, message: 'The signature matches.' },
  mismatch: { rank: RANK.mismatch, reason: 'mismatch', message: 'The signature does not match.' },
  malformed: {
    rank: RANK.malformed,
    reason: 'malformed_signature',
    message: 'The signature is not of the form the provider writes.',
  },
  absent: { rank: RANK.absent, reason: 'missing_signature', message: 'The request carries no signature.' },
  url_unknown: {
    rank: RANK.mismatch,
    reason: 'mismatch',
    message: 'The signature covers the URL, and the URL the sender used is not known.',
  },
  timestamp_too_old: {
    rank: RANK.stale,
    reason: 'timestamp_too_old',
    message: 'The signature matches, but its timestamp is too old.',
  },
  timestamp_in_future: {
    rank: RANK.stale,
    reason: 'timestamp_in_future',
    message: 'The signature matches, but its timestamp is in the future.',
  },
};
