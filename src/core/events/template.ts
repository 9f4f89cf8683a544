/** Fresh values in the spelling a provider uses: ids, times and the headers that hold them. */
import { isLocator, type Locator } from '../providers/locator.js';
import type { TimeFormat } from '../providers/model.js';

/** `size` random bytes. */
export type Random = (size: number) => Uint8Array;

export interface TemplateValues {
  readonly event: string;
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly time: number;
  readonly random: Random;
  /** Reads the locators a template names; null: there is no request to read from yet. */
  readonly reader: { read(locator: Locator): string | null } | null;
  /** The value it takes the place of, for `{stem}`. */
  readonly before?: string | null;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Crockford's, of which ULIDs are made. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DIGITS = '0123456789';

/**
 * Fills `{event}` (and `{event:head}` and `{event:tail}`, before and after its first dot), `{id}`, `{uuid}`, `{hex:n}`, `{base62:n}`,
 * `{base32:n}`, `{digits:n}`, `{iso}`, `{unix}`, `{unixms}`, `{stem}` (the value before, up to its last `/` or `_`) and locators. Null
 * where a locator hits nothing, or an event has no such part. What is in no known braces stays as it is.
 */
export function fillTemplate(template: string, values: TemplateValues): string | null {
  let complete = true;
  let text = '';
  for (const part of partsOf(template)) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = part.locator === null ? partIn(part, values) : (values.reader?.read(part.locator) ?? null);
    if (value === null) complete = false;
    else text += value;
  }
  return complete ? text : null;
}

/** The locators that a template names. */
export function locatorsIn(template: string): Locator[] {
  return partsOf(template).flatMap((part) => (typeof part === 'string' || part.locator === null ? [] : [part.locator]));
}

/** Whether a template's braces without locators can all be filled. */
export function fitsEvent(template: string, event: string): boolean {
  return event.includes('.') || partsOf(template).every((part) => typeof part === 'string' || part.name !== 'event:tail');
}

/** What stands in braces. */
interface Part {
  readonly name: string;
  readonly locator: Locator | null;
  /** What stands before the colon of a name that is no locator, and after it. */
  readonly kind: string;
  readonly size: string | undefined;
}

const parsed = new Map<string, ReadonlyArray<string | Part>>();
/** Providers have a few hundred; only values of many fixtures would be more. */
const MOST_PARSED = 1_000;

function partsOf(template: string): ReadonlyArray<string | Part> {
  let parts = parsed.get(template);
  if (parts === undefined) {
    if (parsed.size >= MOST_PARSED) parsed.clear();
    const texts = template.split(/\{([^{}]+)\}/);
    parts = texts.map((text, index) => (index % 2 === 1 ? partOf(text) : text)).filter((part) => part !== '');
    parsed.set(template, parts);
  }
  return parts;
}

function partOf(name: string): Part {
  const [kind, size] = name.split(':') as [string, string | undefined];
  return { name, locator: isLocator(name) ? name : null, kind, size };
}

function partIn(part: Part, values: TemplateValues): string | null {
  if (part.name !== 'event:tail') return freshValue(part, values);
  const dot = values.event.indexOf('.');
  return dot < 0 ? null : values.event.slice(dot + 1);
}

function freshValue({ name, kind, size }: Part, { event, id, time, random, before }: TemplateValues): string {
  const length = Number(size ?? 0);
  switch (kind) {
    case 'event':
      return size === 'head' ? (event.split('.', 1)[0] ?? '') : event;
    case 'id':
      return id;
    case 'uuid':
      return uuid(random);
    case 'hex':
      return hexOf(random(Math.ceil(length / 2))).slice(0, length);
    case 'base62':
      return lettersOf(random(length), BASE62);
    case 'base32':
      return lettersOf(random(length), BASE32);
    case 'digits':
      return lettersOf(random(length), DIGITS);
    case 'iso':
      return spellTime(time, 'iso');
    case 'unix':
      return spellTime(time, 's');
    case 'unixms':
      return spellTime(time, 'ms');
    case 'stem':
      return /^.*[/_]/s.exec(before ?? '')?.[0] ?? '';
    case 'date':
    case 'time':
    case 'ms':
      return spellParts(`{${kind}}`, time);
    default:
      return `{${name}}`;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** A letter of the alphabet for each byte. */
function lettersOf(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  for (const byte of bytes) text += alphabet.charAt(byte % alphabet.length);
  return text;
}

/** A time in one of the spellings payloads use. */
export function spellTime(ms: number, format: TimeFormat): string {
  if (lastSpelled.ms !== ms || lastSpelled.format !== format) lastSpelled = { ms, format, text: spelledTime(ms, format) };
  return lastSpelled.text;
}

/** Of many that are sent, several are of one millisecond. */
let lastSpelled: { readonly ms: number; readonly format: TimeFormat; readonly text: string } = { ms: 0, format: 's', text: '0' };

function spelledTime(ms: number, format: TimeFormat): string {
  if (format === 's') return String(Math.floor(ms / 1_000));
  if (format === 'ms') return String(Math.floor(ms));
  if (format === 'iso') return new Date(ms).toISOString();
  return spellParts(format === 'iso-s' ? '{date}T{time}Z' : format, ms);
}

function spellParts(template: string, ms: number): string {
  const iso = new Date(ms).toISOString();
  return template
    .replaceAll('{date}', iso.slice(0, -14))
    .replaceAll('{time}', iso.slice(-13, -5))
    .replaceAll('{ms}', iso.slice(-4, -1));
}

/** A random (version 4) UUID, from the randomness given. */
function uuid(random: Random): string {
  const bytes = Buffer.from(random(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
