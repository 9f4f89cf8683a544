import { findSignatures, readBeside } from '../signature/carrier.js';
import { signatureLength } from '../signature/compute.js';
import { decode } from '../signature/encoding.js';
import { isUnsigned } from '../signature/unsigned.js';
import { isLocator } from './define.js';
import type { Provider, Scheme } from './model.js';
import type { RequestReader } from './read.js';

export type Detection =
  | { readonly status: 'detected'; readonly provider: Provider }
  /** Several fit equally well: it is for a person to say which. */
  | { readonly status: 'ambiguous'; readonly candidates: readonly Provider[] }
  | { readonly status: 'unknown' };

/**
 * Tells whose request it is, by companion headers, the shape of the signature and what the body holds. The name of one
 * header never suffices where a provider's description gives clues, since several providers share names.
 */
export function detectProvider(reader: RequestReader, providers: readonly Provider[]): Detection {
  let best: Provider[] = [];
  let highest = 0;
  for (const provider of providers) {
    const score = scoreOf(provider, reader);
    if (score > highest) {
      best = [provider];
      highest = score;
    } else if (score === highest && score > 0) best.push(provider);
  }
  const [first] = best;
  if (first === undefined) return { status: 'unknown' };
  const found = best.length === 1 ? first : headOf(best);
  return found === undefined ? { status: 'ambiguous', candidates: best } : { status: 'detected', provider: found };
}

/** The one that stands for the family all of them share. */
function headOf(providers: readonly Provider[]): Provider | undefined {
  const family = providers[0]?.family ?? null;
  const shared = family !== null && providers.every((provider) => provider.family === family);
  return shared ? providers.find(({ name }) => name === family) : undefined;
}

/** 0: it is not this provider's. Each thing that fits counts; a provider from the user's own config wins a tie. */
function scoreOf(provider: Provider, reader: RequestReader): number {
  const { clues } = provider;
  if (clues.absent?.some((name) => reader.headers(name).length > 0)) return 0;
  let score = 0;
  for (const name of clues.headers ?? []) {
    if (reader.headers(name).length === 0) return 0;
    score += 2;
  }
  for (const [locator, pattern] of patternsOf(provider)) {
    const value = isLocator(locator) ? reader.read(locator) : reader.evaluate([locator]);
    if (value === null || value === '' || !pattern.test(value)) return 0;
    score += 1;
  }
  const named = clues.userAgent !== undefined && reader.headers('user-agent')[0]?.startsWith(clues.userAgent) === true;
  const described = score > 0 || (named && isUnsigned(provider, reader.request.body));
  let shape = 0;
  for (const scheme of provider.schemes) shape = Math.max(shape, shapeScore(scheme, reader));
  if (shape === 0 && !described) return 0;
  score += shape;
  if (named) score += 2;
  return provider.custom ? score + 0.5 : score;
}

const patterns = new WeakMap<Provider, ReadonlyArray<readonly [place: string, pattern: RegExp]>>();

/** Every request is held against every provider: what its values must match is compiled once. */
function patternsOf(provider: Provider): ReadonlyArray<readonly [place: string, pattern: RegExp]> {
  let known = patterns.get(provider);
  if (known === undefined) {
    known = Object.entries(provider.clues.values ?? {}).map(([place, pattern]) => [place, new RegExp(pattern)]);
    patterns.set(provider, known);
  }
  return known;
}

/** How well a signature of the right shape, with the companions its scheme has, is there; 0: it is not. */
function shapeScore(scheme: Scheme, reader: RequestReader): number {
  const carried = findSignatures(scheme, reader);
  if (carried === null) return 0;
  const length = signatureLength(scheme);
  const fits = carried.signatures.some((text) => {
    const bytes = decode(text, scheme.encoding);
    return bytes !== null && bytes.length > 0 && (length === null || bytes.length === length);
  });
  if (!fits) return 0;
  let score = scheme.prefix === '' ? 1 : 2;
  for (const [word, companions] of [
    ['{timestamp}', scheme.timestamp],
    ['{id}', scheme.messageId],
  ] as const) {
    if (companions.length === 0 || !companions.every((locator) => locator.startsWith('header:') || locator.startsWith('item:')))
      continue;
    if (readBeside(companions, reader, carried.items) !== null) score += 1;
    // What is not signed may be missing: a request that was made by hand.
    else if (scheme.content.includes(word)) return 0;
  }
  return score;
}
