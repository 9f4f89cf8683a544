/** Signatures that providers published, each with its source: none is computed by what it tries. */
import { readFileSync } from 'node:fs';

export interface Vector {
  readonly provider: string;
  /** The scheme of that provider, where the vector is of one of several. */
  readonly scheme?: string;
  readonly source: string;
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Unix time in seconds, where the age of a signature matters. */
  readonly at?: number;
}

export const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'));

/** For `it.each`: what it is called, and the vector. */
export const titledVectors: ReadonlyArray<readonly [title: string, vector: Vector]> = vectors.map((vector) => [
  `${vector.provider}: ${vector.source}`,
  vector,
]);
