/** Strict text forms of bytes: what is not exactly of the form is null, never a guess (Buffer's own decoders skip what they do not know). */
import type { SignatureEncoding } from '../providers/model.js';

// One character class each: a group that repeats would run out of stack on a text of megabytes.
const HEX = /^[0-9a-fA-F]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64URL = /^[A-Za-z0-9_-]*={0,2}$/;

/**
 * The bytes that `text` spells in this encoding, or null. Hex may be in either case; base64 is padded, base64url may be,
 * and bits that say nothing are 0, so that no second spelling stands for the same bytes. `text`: its UTF-8 bytes.
 */
export function decode(text: string, encoding: SignatureEncoding): Uint8Array | null {
  switch (encoding) {
    case 'hex':
    case 'hex-upper':
      return text.length % 2 === 0 && HEX.test(text) ? Buffer.from(text, 'hex') : null;
    case 'base64':
      return text.length % 4 === 0 && BASE64.test(text) ? canonical(text, 'base64') : null;
    case 'base64url':
      return BASE64URL.test(text) && (text.length % 4 === 0 || !text.endsWith('=')) ? canonical(text, 'base64url') : null;
    case 'text':
      return Buffer.from(text, 'utf8');
  }
}

function canonical(text: string, encoding: 'base64' | 'base64url'): Uint8Array | null {
  const bytes = Buffer.from(text, encoding);
  return bytes.toString(encoding) === (encoding === 'base64' ? text : text.replace(/={1,2}$/, '')) ? bytes : null;
}

/** The bytes of a base64 key: padding may lack, and unused bits may be set, as whoever wrote the key by hand left them. */
export function decodeBase64Key(text: string): Uint8Array | null {
  const digits = text.replace(/={1,2}$/, '');
  const whole = digits === text || text.length % 4 === 0;
  return whole && digits.length % 4 !== 1 && BASE64.test(digits) ? Buffer.from(digits, 'base64') : null;
}

/** Bytes in their one canonical spelling: hex in the case asked for, padded base64, unpadded base64url. */
export function encode(bytes: Uint8Array, encoding: SignatureEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'text') return buffer.toString('utf8');
  return encoding === 'hex-upper' ? buffer.toString('hex').toUpperCase() : buffer.toString(encoding);
}
