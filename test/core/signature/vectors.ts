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

/** A vector with another body than the one that was signed. */
export function changed(vector: Vector): Vector {
  return { ...vector, body: vector.body.replace(/[a-z]/, (letter) => (letter === 'x' ? 'y' : 'x')) };
}

/** `webhook verify --json` of one: its arguments, and what it is given beside them. */
export function verifyCall({ provider, headers, url, method, at, secret, body }: Vector): {
  readonly args: readonly string[];
  readonly options: { readonly input: string; readonly env: { readonly WEBHOOK_SECRET: string } };
} {
  const args = [
    ...['verify', '-', '--json', '--provider', provider, '--url', url, '--method', method],
    ...(at === undefined ? [] : ['--at', String(at)]),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
  ];
  return { args, options: { input: body, env: { WEBHOOK_SECRET: secret } } };
}
