/** Fresh values in the spelling a provider uses: ids, times and the headers that hold them. */
import { isLocator } from '../providers/define.js';
import type { TimeFormat } from '../providers/model.js';
import type { RequestReader } from '../providers/read.js';

/** `size` random bytes. */
export type Random = (size: number) => Uint8Array;

export interface TemplateValues {
  readonly event: string;
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly time: number;
  readonly random: Random;
  /** Reads the locators a template names; null: there is no request to read from yet. */
  readonly reader: RequestReader | null;
  /** The value it takes the place of, for `{stem}`. */
  readonly before?: string | null;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Crockford's, of which ULIDs are made. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Fills `{event}` (and `{event:head}` and `{event:tail}`, before and after its first dot), `{id}`, `{uuid}`, `{hex:n}`, `{base62:n}`,
 * `{base32:n}`, `{digits:n}`, `{iso}`, `{unix}`, `{unixms}`, `{stem}` (the value before, up to its last `/` or `_`) and locators. Null
 * where a locator hits nothing, or an event has no such part. What is in no known braces stays as it is.
 */
export function fillTemplate(template: string, values: TemplateValues): string | null {
  let complete = true;
  const text = template.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = isLocator(name) ? (values.reader?.read(name) ?? null) : partOf(name, values);
    if (value === null) complete = false;
    return value ?? whole;
  });
  return complete ? text : null;
}

function partOf(name: string, values: TemplateValues): string | null {
  if (name !== 'event:tail') return freshValue(name, values);
  const dot = values.event.indexOf('.');
  return dot < 0 ? null : values.event.slice(dot + 1);
}

function freshValue(name: string, { event, id, time, random, before }: TemplateValues): string {
  const [kind, size] = name.split(':') as [string, string | undefined];
  const length = Number(size ?? 0);
  switch (kind) {
    case 'event':
      return size === 'head' ? (event.split('.', 1)[0] ?? '') : event;
    case 'id':
      return id;
    case 'uuid':
      return uuid(random);
    case 'hex':
      return Buffer.from(random(Math.ceil(length / 2)))
        .toString('hex')
        .slice(0, length);
    case 'base62':
      return [...random(length)].map((byte) => BASE62[byte % 62]).join('');
    case 'base32':
      return [...random(length)].map((byte) => BASE32[byte % 32]).join('');
    case 'digits':
      return [...random(length)].map((byte) => byte % 10).join('');
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

/** A time in one of the spellings payloads use. */
export function spellTime(ms: number, format: TimeFormat): string {
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
