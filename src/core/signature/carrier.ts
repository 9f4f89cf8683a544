/** How signatures are written into a request and found in one. */
import { type HeaderList, textToHeader } from '../http/headers.js';
import type { Locator } from '../providers/locator.js';
import type { Scheme } from '../providers/model.js';
import type { RequestReader } from '../providers/read.js';

/** A sender gets to list many signatures (rotation), not to make us compare without end. */
const MOST_ITEMS = 1_000;

export interface Carried {
  /** Where they were found, for messages: `X-Webhook-Signature`, `/signature/signature in the body`. */
  readonly place: string;
  /** Every item of the list, trimmed. */
  readonly items: readonly string[];
  /** The signatures among them, without their prefix. */
  readonly signatures: readonly string[];
}

/** What the request carries for this scheme; null where none of its places is there. */
export function findSignatures(scheme: Scheme, reader: RequestReader): Carried | null {
  for (const locator of scheme.at) {
    const values = valuesAt(locator, reader);
    if (values.length === 0) continue;
    const items: string[] = [];
    for (const value of values) addItems(scheme, value, items);
    const signatures: string[] = [];
    for (const item of items) if (item.startsWith(scheme.prefix)) signatures.push(item.slice(scheme.prefix.length));
    return { place: placeName(locator), items, signatures };
  }
  return null;
}

/** Whether something stands at a place for signatures. */
export function carries(place: Locator, reader: RequestReader): boolean {
  return valuesAt(place, reader).length > 0;
}

function valuesAt(locator: Locator, reader: RequestReader): readonly string[] {
  if (!locator.startsWith('header:')) {
    const value = reader.read(locator);
    return value === null ? [] : [value];
  }
  const name = locator.slice('header:'.length);
  if (!name.includes('{n}')) return reader.headers(name);
  const values: string[] = [];
  for (let n = 1; n <= 100; n++) {
    const [value] = reader.headers(name.replace('{n}', String(n)));
    if (value === undefined) break;
    values.push(value);
  }
  return values;
}

function addItems(scheme: Scheme, value: string, items: string[]): void {
  // A header that is sent twice may reach us as one, joined by a proxy.
  const separator = scheme.separator ?? (scheme.repeated ? ',' : null);
  const by = separator?.trim();
  for (const part of by === undefined ? [value] : value.split(by === '' ? /\s+/ : by, MOST_ITEMS)) {
    const item = part.trim();
    if (items.length < MOST_ITEMS && (item !== '' || by === undefined)) items.push(item);
  }
}

/** The value of `item:t=` in a list of items, or of any other locator in the request. */
export function readBeside(locators: readonly Locator[], reader: RequestReader, items: readonly string[]): string | null {
  for (const locator of locators) {
    const value = locator.startsWith('item:') ? itemWith(locator.slice('item:'.length), items) : reader.read(locator);
    if (value !== null && value !== '') return value;
  }
  return null;
}

function itemWith(prefix: string, items: readonly string[]): string | null {
  const item = items.find((candidate) => candidate.startsWith(prefix));
  return item === undefined ? null : item.slice(prefix.length);
}

/** Writes signatures (and the timestamp, where it stands among them) into headers, as the scheme's sender does. */
export function writeSignatures(scheme: Scheme, signatures: readonly string[], timestamp: string | null): HeaderList {
  const name = (scheme.at[0] as Locator).slice('header:'.length);
  const values = signatures.map((signature) => textToHeader(scheme.prefix + signature));
  if (name.includes('{n}')) return values.map((value, index) => [name.replace('{n}', String(index + 1)), value]);
  if (scheme.repeated) return values.map((value) => [name, value]);
  if (scheme.separator === null) return values.slice(0, 1).map((value) => [name, value]);
  const first = scheme.timestamp[0];
  const stamp = first?.startsWith('item:') && timestamp !== null ? [first.slice('item:'.length) + timestamp] : [];
  return [[name, [...stamp, ...values].join(scheme.separator)]];
}

/** True where a scheme can carry more than one signature at once. */
export function carriesSeveral(scheme: Scheme): boolean {
  return scheme.separator !== null || scheme.repeated || (scheme.at[0] ?? '').includes('{n}');
}

/** A locator in words. */
export function placeName(locator: Locator): string {
  const name = locator.slice(locator.indexOf(':') + 1);
  if (locator.startsWith('header:')) return name;
  if (locator.startsWith('body:')) return `${name} in the body`;
  if (locator.startsWith('form:')) return `the form field ${name}`;
  if (locator.startsWith('query:')) return `the query parameter ${name}`;
  return `'${name}' in the signature`;
}
