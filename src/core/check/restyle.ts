/** JSON as parsers and writers of several languages spell it again: what a signature covers where the bytes were lost. */
import { JsonReader, latin1Of, utf8Of } from '../events/json-tokens.js';

export interface BodyStyle {
  readonly code: string;
  /** What writes like this: `JSON.stringify(JSON.parse(body))`. */
  readonly name: string;
  /** The body written again; null where it is not JSON. */
  write(body: Uint8Array): Uint8Array | null;
}

/** The ways that are tried, the likeliest first. */
export const STYLES: readonly BodyStyle[] = [
  { code: 'javascript', name: 'JSON.stringify(JSON.parse(body))', write: (body) => rewritten(body, (json) => json) },
  {
    code: 'python',
    name: 'json.dumps(json.loads(body))',
    write: (body) => rewritten(body, (json) => respelled(json, { comma: ', ', colon: ': ', string: asciiOnly })),
  },
  {
    code: 'php',
    name: 'json_encode(json_decode($body))',
    write: (body) =>
      rewritten(body, (json) =>
        respelled(json, { comma: ',', colon: ':', string: (text) => asciiOnly(text).replaceAll('/', '\\/') }),
      ),
  },
];

function rewritten(body: Uint8Array, write: (json: string) => string): Uint8Array | null {
  try {
    return Buffer.from(write(JSON.stringify(JSON.parse(Buffer.from(body).toString('utf8')))), 'utf8');
  } catch {
    return null;
  }
}

/** JSON text with its punctuation and strings spelled otherwise. */
export function respelled(
  json: string,
  spelling: { readonly comma: string; readonly colon: string; string(text: string): string },
): string {
  const text = latin1Of(Buffer.from(json, 'utf8'));
  const reader = new JsonReader(text);
  let result = '';
  while (reader.next()) {
    const token = utf8Of(text.slice(reader.start, reader.end));
    if (reader.kind === ',') result += spelling.comma;
    else if (reader.kind === ':') result += spelling.colon;
    else result += reader.kind === 'string' || reader.kind === 'key' ? spelling.string(token) : token;
  }
  return result;
}

function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
