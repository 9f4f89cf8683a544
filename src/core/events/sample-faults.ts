/** What is wrong with a sample payload's file, with the place where it is. */
import { WebhookError } from '../errors.js';
import { headerValue } from '../http/headers.js';
import { identify } from '../providers/batch.js';
import type { Provider } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { compose } from './compose.js';
import { JsonReader, latin1Of } from './json-tokens.js';
import { readSample, type Sample, type SampleForm, sampleHeaders } from './sample.js';

/** Line and column from 1. */
export interface SampleFault {
  readonly line: number;
  readonly column: number;
  /** A sentence. */
  readonly message: string;
}

/**
 * Every fault that can be told of one file: its text, its form, and whether it makes a delivery of the event it is called after.
 *
 * @param event The event the file is named after; null: it is called after none that is known.
 */
export function sampleFaults(bytes: Uint8Array, form: SampleForm, provider: Provider, event: string | null): SampleFault[] {
  const faults = [...textFaults(bytes), ...(form === 'json' ? jsonFaults(bytes, 0) : form === 'form' ? formFaults(bytes) : [])];
  if (faults.length > 0) return faults;
  let sample: Sample;
  try {
    sample = readSample(bytes, form);
  } catch (error) {
    return [{ line: 1, column: 1, message: sentence(error) }];
  }
  const headers = sampleHeaders(sample, provider.contentType);
  if (form === 'http') {
    const type = headerValue(headers, 'content-type') ?? provider.contentType;
    const offset = bytes.length - sample.body.length;
    if (/[/+]json\b/i.test(type) && sample.body.length > 0) faults.push(...jsonFaults(bytes, offset));
    if (faults.length > 0) return faults;
  }
  return event === null ? [] : eventFaults(sample, provider, event);
}

function textFaults(bytes: Uint8Array): SampleFault[] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return [{ line: 1, column: 1, message: 'A byte order mark is no part of a payload.' }];
  }
  return [];
}

/** Where JSON that begins at an offset stops being JSON. */
function jsonFaults(bytes: Uint8Array, offset: number): SampleFault[] {
  const body = bytes.subarray(offset);
  const first = placeAt(bytes, offset);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    const { line, column } = placeAt(bytes, offset + firstNonUtf8(body));
    return [{ line, column, message: 'This is not UTF-8.' }];
  }
  const reader = new JsonReader(latin1Of(body));
  try {
    while (reader.next());
    return [];
  } catch (error) {
    const [, line = '1', column = '1', why = ''] = /line (\d+), column (\d+): (.*)$/s.exec(sentence(error)) ?? [];
    return [
      {
        line: first.line - 1 + Number(line),
        column: Number(line) === 1 ? first.column - 1 + Number(column) : Number(column),
        message: `This is not JSON: ${why}`,
      },
    ];
  }
}

function firstNonUtf8(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  // What begins well is well; a character that is cut at the end does not count.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return low;
}

function formFaults(bytes: Uint8Array): SampleFault[] {
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\r|\n/);
  return lines.flatMap((text, index): SampleFault[] => {
    const bad = /%(?![0-9a-f]{2})/i.exec(text);
    if (bad !== null) return [{ line: index + 1, column: bad.index + 1, message: 'A % stands without two hexadecimal digits.' }];
    const space = /[\s"<>\\^`{|}\x80-\xff]/.exec(text);
    if (space === null) return [];
    return [{ line: index + 1, column: space.index + 1, message: 'This character has to be percent-encoded in a form.' }];
  });
}

/** Makes a delivery of it, and reads back what it says it is. */
function eventFaults(sample: Sample, provider: Provider, event: string): SampleFault[] {
  const challenge = provider.challenges.some(({ name }) => name === event);
  let said: string | null;
  try {
    const { headers, body } = compose({
      provider,
      event,
      payload: sample.body,
      fresh: true,
      exact: sample.form === 'http',
      sampleHeaders: sampleHeaders(sample, provider.contentType),
      secrets: [],
      url: 'http://localhost/',
      userAgent: 'webhook-cli',
      now: 1_700_000_000_000,
      random: (size) => new Uint8Array(size),
    });
    said = identify(provider, new RequestReader({ headers, body, path: `/?${sample.query}` })).event;
  } catch (error) {
    return [{ line: 1, column: 1, message: sentence(error) }];
  }
  if (challenge || said === event || provider.event.length === 0) return [];
  const message =
    said === null
      ? `It does not say which event it is; it is called after ${event}.`
      : `It says that it is ${said}, and is called after ${event}.`;
  return [{ line: 1, column: 1, message }];
}

function sentence(error: unknown): string {
  if (!(error instanceof WebhookError)) throw error;
  const text = /^[a-z]/.test(error.message) ? `It ${error.message}` : error.message;
  return text.endsWith('.') ? text : `${text}.`;
}

/** Line and column of a byte; a column is a character of UTF-8. */
function placeAt(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x0a) {
      line++;
      column = 1;
    } else if ((byte & 0xc0) !== 0x80) column++;
  }
  return { line, column };
}
