import { codeOf, messageOf } from '../core/errors.js';
import { type HeaderList, headerValue, headerValues } from '../core/http/headers.js';
import { formatSize } from '../core/units.js';

/** What a body is, as far as showing it goes. The kept bytes are never touched: decoding is for the eye only. */
export interface Content {
  readonly kind: 'empty' | 'json' | 'form' | 'text' | 'binary';
  /** The bytes to show, content encodings undone. */
  readonly bytes: Uint8Array;
  /** Their text; empty where they are binary. */
  readonly text: string;
  /** For the line above it: `application/json`, `gzip, 512 B → 1.4 kB`, `CRLF line ends`. */
  readonly notes: readonly string[];
  /** True where the notes say what the text itself does not: it was decoded, is broken, is no JSON. */
  readonly remarkable: boolean;
}

/** At most so many bytes come out of a content encoding, however small the body is. */
const MOST_DECODED = 1_000_000;
/** Texts are looked at up to here: nobody reads on, and a body may have hundreds of megabytes. */
const MOST_TEXT = 2_000_000;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * @param arrow stands between the sizes before and after decoding
 * @param hide takes out what is not for people to see, of the decoded bytes
 */
export function readContent(
  headers: HeaderList,
  body: Uint8Array,
  arrow = '→',
  hide: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Content {
  if (body.length === 0) return { kind: 'empty', bytes: body, text: '', notes: [], remarkable: true };
  const type = headerValue(headers, 'content-type');
  const media = (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const notes = media === '' ? [] : [media];
  const decoded = decodeContent(headers, body);
  if (decoded.names === '') notes.push(formatSize(body.length));
  else if (decoded.problem === null)
    notes.push(`${decoded.names}, ${formatSize(body.length)} ${arrow} ${formatSize(decoded.bytes.length)}`);
  else notes.push(`${decoded.names}, ${formatSize(body.length)}, shown as it is: ${decoded.problem}`);

  const bytes = hide(decoded.bytes);
  const plain = notes.length;
  const text = decodeText(bytes, type);
  if (text === null) {
    if (isTextType(media)) notes.push('not valid UTF-8');
    return { kind: 'binary', bytes, text: '', notes, remarkable: true };
  }
  if (text.startsWith(BYTE_ORDER_MARK)) notes.push('byte order mark');
  // curl says form of whatever --data-binary sends, and no form begins with a brace.
  const json = /[/+]json$/.test(media) || /^\ufeff?\s*[[{]/.test(text.slice(0, 1_000));
  if (media === 'application/x-www-form-urlencoded' && !json) return { kind: 'form', bytes, text, notes, remarkable: true };
  // JSON is laid out from UTF-8, whatever it was declared to be in.
  if (json) {
    const remarkable = notes.length > plain || decoded.names !== '' || media === 'application/x-www-form-urlencoded';
    return { kind: 'json', bytes: isUtf8(type) ? bytes : Buffer.from(text, 'utf8'), text, notes, remarkable };
  }
  if (!isEvenlyCrlf(text)) return { kind: 'text', bytes, text, notes, remarkable: true };
  notes.push('CRLF line ends');
  return { kind: 'text', bytes, text: text.replaceAll('\r\n', '\n'), notes, remarkable: true };
}

export interface Decoded {
  readonly bytes: Uint8Array;
  /** The encodings that the headers name, in order; empty where there is none. */
  readonly names: string;
  readonly problem: string | null;
}

/** The body with its content encodings undone, as far as they are known; bounded, since a small body may become a large one. */
export function decodeContent(headers: HeaderList, body: Uint8Array): Decoded {
  const encodings = headerValues(headers, 'content-encoding')
    .flatMap((value) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const names = encodings.join(', ').slice(0, 60);
  if (encodings.length > 3) return { bytes: body, names, problem: 'encoded too often' };
  let bytes = body;
  for (const encoding of encodings.reverse()) {
    try {
      const next = undo(encoding, bytes);
      if (next === null) return { bytes: body, names, problem: 'this encoding is not known here' };
      bytes = next;
    } catch (error) {
      const tooLong = codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
      return { bytes: body, names, problem: tooLong ? `it decodes to more than ${formatSize(MOST_DECODED)}` : messageOf(error) };
    }
  }
  return { bytes, names, problem: null };
}

function undo(encoding: string, bytes: Uint8Array): Uint8Array | null {
  // Few bodies are encoded, and every command that prints loads this file.
  const { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } = process.getBuiltinModule('node:zlib');
  const options = { maxOutputLength: MOST_DECODED };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(bytes, options);
    case 'br':
      return brotliDecompressSync(bytes, options);
    case 'deflate':
      // RFC 9110 means zlib's wrapping; some senders leave it out. Its first byte tells: method 8 in the low bits.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
    default:
      return null;
  }
}

/** The text of the bytes in the charset that is declared, else in UTF-8; null where it is not text. */
function decodeText(bytes: Uint8Array, type: string | null): string | null {
  const part = bytes.length > MOST_TEXT ? bytes.subarray(0, lastWhole(bytes, MOST_TEXT)) : bytes;
  const charset = charsetOf(type);
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(part);
    // Bytes that happen to be valid UTF-8 are still no text to read when they are full of NULs and the like.
    return isTextType((type ?? '').toLowerCase()) || !looksBinary(text) ? text : null;
  } catch {
    return null;
  }
}

function charsetOf(type: string | null): string {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(type ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
}

function isUtf8(type: string | null): boolean {
  return /^(utf-?8|us-ascii|ascii)$/.test(charsetOf(type));
}

function looksBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text.slice(0, 4_096));
}

/** Where the UTF-8 character that stands across `limit` begins. */
function lastWhole(bytes: Uint8Array, limit: number): number {
  let end = limit;
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return end;
}

function isTextType(media: string): boolean {
  return /^text\/|[/+](json|xml|javascript|yaml|x-www-form-urlencoded|graphql)\b/.test(media);
}

function isEvenlyCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text);
}
