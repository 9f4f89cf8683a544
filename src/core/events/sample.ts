/** A sample payload as its file holds it: JSON, a form, or a whole HTTP message. */
import { parseRawRequest } from '../delivery/raw.js';
import { messageOf, WebhookError } from '../errors.js';
import { type HeaderList, headerValue, withoutHeaders } from '../http/headers.js';
import { isFormType } from '../http/media.js';

/** The endings a sample's file may have, in the order they are looked for. */
export const sampleForms = ['json', 'http', 'form'] as const;

export type SampleForm = (typeof sampleForms)[number];

export interface Sample {
  readonly form: SampleForm;
  readonly body: Uint8Array;
  /** Headers of its own, which win over the provider's. */
  readonly headers: HeaderList;
  /** Null: the sample does not say. */
  readonly method: string | null;
  /** Query parameters it is sent with, without the `?`; empty: none. */
  readonly query: string;
}

/**
 * Reads a sample.
 *
 * - `json`: JSON in UTF-8, laid out as one likes; it is sent without white space.
 * - `form`: the fields of a urlencoded body, a line each or parted by `&`.
 * - `http`: a request line (of its target only the query counts), headers of its own, an empty line, and the body, which is sent byte
 *   for byte: a file that ends in a newline has a body that does.
 *
 * @throws WebhookError `fixture_invalid`; the message begins with what is wrong (`is empty`), so that a path can stand before it.
 */
export function readSample(bytes: Uint8Array, form: SampleForm): Sample {
  if (bytes.length === 0) throw invalid('is empty', 'Put a payload in it, or delete it.');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw invalid('begins with a byte order mark, which is no part of a payload', 'Save it as UTF-8 without BOM.');
  }
  if (form === 'http') return readMessage(bytes);
  const text = textOf(bytes);
  if (form === 'json') {
    checkJson(text);
    return { form, body: bytes, headers: [], method: null, query: '' };
  }
  const fields = text.split(/[\r\n&]+/).filter((field) => field !== '');
  return { form, body: Buffer.from(fields.join('&')), headers: [], method: null, query: '' };
}

/** A sample's own headers, and a Content-Type where the provider's would not be that of its body. */
export function sampleHeaders(sample: Sample, contentType: string): HeaderList {
  if (sample.form === 'http' || isFormType(contentType) === (sample.form === 'form')) return sample.headers;
  return [['Content-Type', sample.form === 'form' ? FORM_TYPE : 'application/json']];
}

/** The URL with a sample's query parameters after its own. */
export function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const [address = '', fragment] = url.split('#', 2) as [string, string?];
  const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
  return `${address}${joint}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
/** What belongs to one connection or says how the body is carried: the sender's to write. */
const NOT_ITS_OWN = ['host', 'content-length', 'connection', 'transfer-encoding'];

function readMessage(bytes: Uint8Array): Sample {
  try {
    const { method, path, headers, body } = parseRawRequest(bytes);
    const query = path.includes('?') ? path.slice(path.indexOf('?') + 1) : '';
    const type = headerValue(headers, 'content-type');
    if (isFormType(type) && /[\r\n]/.test(Buffer.from(body).toString('latin1'))) {
      throw invalid('is a form with a line break in it, which no form has', 'Take the newline at its end away.');
    }
    return { form: 'http', body, headers: withoutHeaders(headers, NOT_ITS_OWN), method, query };
  } catch (error) {
    if (!(error instanceof WebhookError) || error.code !== 'input_malformed') throw error;
    throw invalid(`is no HTTP message: ${error.message.replace(/\.$/, '')}`, error.hint ?? undefined, error);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid('is not UTF-8 text', 'Save it as UTF-8.', error);
  }
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalid(`is not JSON: ${messageOf(error)}`, 'Correct it, or send other bytes as they are with --data.', error);
  }
}

function invalid(what: string, hint: string | undefined, cause?: unknown): WebhookError {
  return new WebhookError('fixture_invalid', what, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
