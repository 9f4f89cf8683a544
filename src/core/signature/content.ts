/** The text that is signed, as a template over a request. */
import { createHash } from 'node:crypto';
import { isLocator } from '../providers/locator.js';
import type { Scheme } from '../providers/model.js';
import type { RequestReader } from '../providers/read.js';
import { sortedParams } from './params.js';

/** Everything a template may name beside locators. */
export interface ContentValues {
  readonly timestamp: string | null;
  readonly id: string | null;
  /** The URL as the sender knows it; null where nobody said. */
  readonly url: string | null;
  readonly method: string;
  readonly secret: string;
}

type Part = { readonly literal: string } | { readonly name: string };

const compiled = new Map<string, readonly Part[]>();

function partsOf(template: string): readonly Part[] {
  let parts = compiled.get(template);
  if (parts === undefined) {
    parts = template
      .split(/(\{[^{}]+\})/)
      .filter((text) => text !== '')
      .map((text) => (text.startsWith('{') && text.endsWith('}') ? { name: text.slice(1, -1) } : { literal: text }));
    compiled.set(template, parts);
  }
  return parts;
}

/**
 * The pieces of the signed content, in order; the body is among them as the bytes it is, never as text. A piece that
 * the request lacks is named in `missing` and counts as empty.
 */
export function signedContent(
  scheme: Scheme,
  reader: RequestReader,
  values: ContentValues,
): { readonly pieces: ReadonlyArray<Uint8Array | string>; readonly missing: readonly string[] } {
  const pieces: Array<Uint8Array | string> = [];
  const missing: string[] = [];
  for (const part of partsOf(scheme.content)) {
    if ('literal' in part) {
      pieces.push(part.literal);
      continue;
    }
    const value = placeholderValue(part.name, reader, values);
    if (value === null) missing.push(part.name);
    else pieces.push(value);
  }
  return { pieces, missing };
}

function placeholderValue(name: string, reader: RequestReader, values: ContentValues): Uint8Array | string | null {
  switch (name) {
    case 'body':
      return reader.request.body;
    case 'timestamp':
      return values.timestamp;
    case 'id':
      return values.id;
    case 'url':
      return values.url;
    case 'method':
      return values.method;
    case 'path':
      return pathOf(reader.request.path);
    case 'secret':
      return values.secret;
    case 'params':
      return sortedParams(reader.request.body);
    case 'decodedUrl':
      return values.url?.replace(DECODED, (code) => decodeURIComponent(code)) ?? null;
    case 'sha256:body':
      return createHash('sha256').update(reader.request.body).digest('hex');
    default:
      return isLocator(name) ? reader.read(name) : null;
  }
}

/** What HubSpot decodes in a URL before it signs it, and nothing else. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** Path and query of what may be an absolute URL: who signs knows that, who verifies only the path. */
export function pathOf(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  return path.startsWith('/') ? path : `/${path}`;
}
