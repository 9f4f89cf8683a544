/** Faults to build into a request, so that a handler can show that it refuses it. */
import { WebhookError } from '../errors.js';
import { type HeaderList, headerValue, withoutHeaders } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import type { Locator } from '../providers/locator.js';
import type { Provider, Scheme } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { type Edit, editBody, settings } from './edits.js';

export type Corruption = 'signature' | 'body' | 'timestamp' | 'missing';

/** A signed request, before its body is edited to carry a signature of its own. */
export interface SignedParts {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** Pointer and JSON text of what signing puts into the body. */
  readonly edits: ReadonlyArray<readonly [pointer: string, json: string]>;
}

/**
 * The request with one fault in it, and else as it was: each signature a character off, the body a digit, or no
 * signature at all. A stale timestamp is not made here, since it is signed: see {@link staleTime}.
 *
 * @throws WebhookError `usage` where the provider's scheme could not tell.
 */
export function corrupt(
  provider: Provider,
  parts: SignedParts,
  fault: Corruption | null,
): { readonly headers: HeaderList; readonly body: Uint8Array } {
  const { headers, body } = parts;
  const signed = (): Uint8Array => editBody(headers, body, settings(parts.edits));
  switch (fault) {
    case null:
    case 'timestamp':
      return { headers, body: signed() };
    case 'body':
      if (!provider.schemes.some(coversBody)) {
        throw new WebhookError('usage', `${provider.title} does not sign the body, so a change of it cannot be told.`, {
          hint: 'Try --corrupt signature or missing.',
        });
      }
      return { headers, body: changedByte(signed()) };
    case 'missing':
      return {
        headers: withoutHeaders(headers, signatureHeaders(provider, headers)),
        body: withoutBodySignature(provider, headers, body),
      };
    case 'signature':
      return changeSignatures(provider, { headers, body: signed() }, (text, scheme) => scheme.prefix + changedCharacter(text));
  }
}

/**
 * The request with each of its signatures replaced, wherever they stand, and else as it was.
 *
 * @param change Gives what stands in the place of a signature (told without its prefix), prefix included.
 */
export function changeSignatures(
  provider: Provider,
  request: { readonly headers: HeaderList; readonly body: Uint8Array },
  change: (signature: string, scheme: Scheme) => string,
): { readonly headers: HeaderList; readonly body: Uint8Array } {
  return {
    headers: changedHeaders(provider, request.headers, change),
    body: changedInBody(provider, request.headers, request.body, change),
  };
}

/**
 * A time further back than the provider allows: Unix time in milliseconds.
 *
 * @throws WebhookError `usage` where it sends no timestamp.
 */
export function staleTime(provider: Provider, now: number): number {
  const scheme = provider.schemes.find(
    ({ sends, timestamp, custom }) => sends && (timestamp.length > 0 || custom?.maxAge != null),
  );
  if (scheme === undefined) {
    throw new WebhookError('usage', `${provider.title} signs no timestamp, so there is none to corrupt.`, {
      hint: 'Try --corrupt signature, body or missing.',
    });
  }
  return now - (scheme.custom?.maxAge ?? scheme.tolerance.past ?? 3_600_000) - 3_600_000;
}

/** The last digit changed, so that JSON stays JSON: a handler that does not check the signature will accept it. */
export function changedByte(body: Uint8Array): Uint8Array {
  const changed = Buffer.from(body);
  for (let i = changed.length - 1; i >= 0; i--) {
    const byte = changed[i] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      changed[i] = byte === 0x31 ? 0x32 : 0x31;
      return changed;
    }
  }
  return Buffer.concat([changed, Buffer.from(' ')]);
}

function coversBody({ kind, content, custom }: Scheme): boolean {
  if (custom !== null) return custom.coversBody ?? true;
  return kind !== 'token' && /\{(body|sha256:body|params)\}/.test(content);
}

/** The schemes whose signature stands in this header. */
function schemesAt(provider: Provider, header: string): readonly Scheme[] {
  const name = header.toLowerCase();
  return provider.schemes.filter(({ at }) =>
    at.some((locator) => {
      const own = locator.toLowerCase();
      return own === `header:${name}` || own === `header:${name.replace(/\d+$/, '{n}')}`;
    }),
  );
}

function signatureHeaders(provider: Provider, headers: HeaderList): string[] {
  return headers.map(([name]) => name).filter((name) => schemesAt(provider, name).length > 0);
}

/** Every signature of a list is changed: during a rotation one that is left whole would do. */
function changedHeaders(provider: Provider, headers: HeaderList, change: (text: string, scheme: Scheme) => string): HeaderList {
  return headers.map(([name, value]) => {
    const schemes = schemesAt(provider, name);
    if (schemes.length === 0) return [name, value];
    const separator = schemes.find((scheme) => scheme.separator !== null)?.separator ?? null;
    const items = separator === null ? [value] : value.split(separator);
    return [name, items.map((item) => changedItem(schemes, item, change)).join(separator ?? '')];
  });
}

function changedItem(schemes: readonly Scheme[], item: string, change: (text: string, scheme: Scheme) => string): string {
  const scheme = schemes.find(({ prefix }) => item.startsWith(prefix));
  return scheme === undefined ? item : change(item.slice(scheme.prefix.length), scheme);
}

/** One character changed, two thirds in: not where padding stands, or bits that say nothing. `0` is a digit of every encoding. */
function changedCharacter(text: string): string {
  const at = Math.floor((text.length * 2) / 3);
  return text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
}

/** The places in a body that hold a signature, as edits name them: those of JSON, or of a form. */
function signaturesIn(
  provider: Provider,
  headers: HeaderList,
  body: Uint8Array,
): Array<{ path: string; place: Locator; value: string }> {
  const reader = new RequestReader({ headers: [], body, path: '/' });
  const kind = isFormType(headerValue(headers, 'content-type')) ? 'form:' : 'body:';
  const places = provider.schemes.flatMap(({ at }) => at).filter((place) => place.startsWith(kind));
  return [...new Set(places)].flatMap((place) => {
    const value = reader.read(place);
    return value === null ? [] : [{ path: place.slice(kind.length), place, value }];
  });
}

function changedInBody(
  provider: Provider,
  headers: HeaderList,
  body: Uint8Array,
  change: (text: string, scheme: Scheme) => string,
): Uint8Array {
  const edits = signaturesIn(provider, headers, body).map(({ path, place, value }): Edit => {
    const schemes = provider.schemes.filter(({ at }) => at.includes(place));
    return { kind: 'set', path, json: JSON.stringify(changedItem(schemes, value, change)) };
  });
  return editBody(headers, body, edits);
}

function withoutBodySignature(provider: Provider, headers: HeaderList, body: Uint8Array): Uint8Array {
  const edits = signaturesIn(provider, headers, body).map(({ path }): Edit => ({ kind: 'unset', path }));
  return editBody(headers, body, edits);
}
