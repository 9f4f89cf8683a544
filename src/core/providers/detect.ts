import { carries, findSignatures, readBeside } from '../signature/carrier.js';
import { signatureLength } from '../signature/compute.js';
import { decode } from '../signature/encoding.js';
import { isUnsigned } from '../signature/unsigned.js';
import { isLocator } from './locator.js';
import type { Clues, Provider, Scheme } from './model.js';
import type { Outline } from './outline.js';
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

/**
 * Whether a request can be a provider's, told from its outline. False: the whole description would not fit it either, so the
 * provider may be left out of detection. True says no more than that this has to be looked at.
 */
export function couldBe({ clues, at, hasUnsigned }: Outline, reader: RequestReader): boolean {
  const described = clueScore(clues, reader);
  if (described === null) return false;
  return described > 0 || (hasUnsigned && isNamed(clues, reader)) || at.some((place) => carries(place, reader));
}

/** 0: it is not this provider's. Each thing that fits counts; a provider from the user's own config wins a tie. */
function scoreOf(provider: Provider, reader: RequestReader): number {
  let score = clueScore(provider.clues, reader);
  if (score === null) return 0;
  const named = isNamed(provider.clues, reader);
  const described = score > 0 || (named && isUnsigned(provider, reader.request.body));
  let shape = 0;
  for (const scheme of provider.schemes) shape = Math.max(shape, shapeScore(scheme, reader));
  if (shape === 0 && !described) return 0;
  score += shape;
  if (named) score += 2;
  return provider.custom ? score + 0.5 : score;
}

/** What the clues that must hold add up to; null: one of them does not hold. */
function clueScore(clues: Clues, reader: RequestReader): number | null {
  if (clues.absent?.some((name) => reader.headers(name).length > 0)) return null;
  let score = 0;
  for (const name of clues.headers ?? []) {
    if (reader.headers(name).length === 0) return null;
    score += 2;
  }
  for (const [locator, pattern] of patternsOf(clues)) {
    const value = isLocator(locator) ? reader.read(locator) : reader.evaluate([locator]);
    if (value === null || value === '' || !pattern.test(value)) return null;
    score += 1;
  }
  return score;
}

function isNamed({ userAgent }: Clues, reader: RequestReader): boolean {
  return userAgent !== undefined && reader.headers('user-agent')[0]?.startsWith(userAgent) === true;
}

const patterns = new WeakMap<Clues, ReadonlyArray<readonly [place: string, pattern: RegExp]>>();

/** Every request is held against every provider: what its values must match is compiled once. */
function patternsOf(clues: Clues): ReadonlyArray<readonly [place: string, pattern: RegExp]> {
  let known = patterns.get(clues);
  if (known === undefined) {
    known = Object.entries(clues.values ?? {}).map(([place, pattern]) => [place, new RegExp(pattern)]);
    patterns.set(clues, known);
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
