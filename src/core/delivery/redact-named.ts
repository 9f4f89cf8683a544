/** What a body gives away by its names: for what is handed to others, whoever sent it. */
import { plainKey, sensitiveBy } from '../capture/sensitive.js';
import { parseJson } from '../events/json-text.js';
import { JsonReader, latin1Of, utf8Of } from '../events/json-tokens.js';
import { REDACTED } from './redact.js';

/** A body without such a word need not be read. */
const TELLING_WORD = /token|secret|passw|pwd|key|auth|signature|hmac|cookie|session|credential|otp|pin|cv[cv]|csrf|jwt/i;

/**
 * A body whose members or form fields that are called like secrets (`password`, `accessToken`) are `[redacted]`; every other
 * byte stays. The same array where there are none.
 */
export function redactNamed(body: Uint8Array): Uint8Array {
  const text = latin1Of(body);
  if (!TELLING_WORD.test(text)) return body;
  return parseJson(body) === undefined ? redactFields(body, text) : redactMembers(body, text);
}

function redactMembers(body: Uint8Array, text: string): Uint8Array {
  const reader = new JsonReader(text);
  let name = '';
  let shown = '';
  let from = 0;
  while (reader.next()) {
    const { kind, start, end } = reader;
    if (kind === ':') continue;
    if (kind === 'key') {
      name = String(JSON.parse(utf8Of(text.slice(start, end))));
      continue;
    }
    const isText = kind === 'string' && end - start > 2;
    if (name !== '' && (isText || kind === 'number') && isSecret(name, kind === 'number')) {
      shown += `${text.slice(from, start)}"${REDACTED}"`;
      from = end;
    }
    name = '';
  }
  return from === 0 ? body : Buffer.from(shown + text.slice(from), 'latin1');
}

/** Names of fields are short, and of few characters: what is longer stands in some other text. */
const FIELD = /(^|&)([\w.~[\]%+-]{1,100})=([^&]+)/g;

function redactFields(body: Uint8Array, text: string): Uint8Array {
  const shown = text.replace(FIELD, (field, before: string, name: string) =>
    isSecret(name.replace(/%5B/gi, '[').replace(/%5D/gi, ']')) ? `${before}${name}=${REDACTED}` : field,
  );
  return shown === text ? body : Buffer.from(shown, 'latin1');
}

function isSecret(name: string, isNumber = false): boolean {
  return sensitiveBy({ key: plainKey(name), personal: false }, isNumber) === 'secret';
}
