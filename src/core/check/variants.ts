/** Bodies that say the same, or as much, in other bytes: each is lost by whoever parses before verifying. */
import { parseJson, setJson } from '../events/json-text.js';
import { respelled } from './restyle.js';

/** The member that is added to a payload; a handler that follows the usual advice ignores it. */
export const ADDED = 'webhook_check';

export interface Variant {
  readonly id: `raw-body.${string}`;
  readonly title: string;
  readonly why: string;
  /** True where it adds a member, which a strict handler may object to. */
  readonly adds: boolean;
  /** True where a parser may rightly object to it. */
  readonly doubtful: boolean;
  /** Null where it cannot be made of this body. */
  write(body: Uint8Array): Uint8Array | null;
}

const adding = (json: string): Pick<Variant, 'adds' | 'write'> => ({ adds: true, write: (body) => addMember(body, json) });
const spelling = (write: (json: string) => string): Pick<Variant, 'adds' | 'write'> => ({
  adds: false,
  write: (body) => Buffer.from(write(Buffer.from(body).toString('utf8')), 'utf8'),
});

export const VARIANTS: readonly Variant[] = [
  {
    id: 'raw-body.decimals',
    title: 'an amount of 499.00',
    why: 'Parsed and written again it is 499, and the signature no longer matches.',
    doubtful: false,
    ...adding('499.00'),
  },
  {
    id: 'raw-body.exponent',
    title: 'a number written 1e2',
    why: 'Parsed and written again it is 100.',
    doubtful: false,
    ...adding('1e2'),
  },
  {
    id: 'raw-body.unicode_escapes',
    title: 'characters written as \\u escapes',
    why: 'Parsed and written again they are the characters themselves.',
    doubtful: false,
    ...adding('"Zo\\u00eb \\u003c3"'),
  },
  {
    id: 'raw-body.slash_escapes',
    title: 'slashes written \\/',
    why: 'PHP writes them so; parsed and written again the backslash is gone.',
    doubtful: false,
    ...adding('"https:\\/\\/example.com\\/a"'),
  },
  {
    id: 'raw-body.white_space',
    title: 'white space in odd places',
    why: 'Parsed and written again it is gone, or elsewhere.',
    doubtful: false,
    ...spelling((json) => respelled(json, { comma: ' ,\t', colon: '  : ', string: (text) => text })),
  },
  {
    id: 'raw-body.trailing_newline',
    title: 'a newline at the end',
    why: 'It is part of what was signed; trimming the body takes it off.',
    doubtful: false,
    ...spelling((json) => `${json}\n`),
  },
  {
    id: 'raw-body.crlf',
    title: 'lines that end in CRLF',
    why: 'Reading the body as text may turn them into LF.',
    doubtful: false,
    ...spelling((json) => respelled(json, { comma: ',\r\n', colon: ':', string: (text) => text })),
  },
  {
    id: 'raw-body.key_order',
    title: 'keys in an order of their own',
    why: 'Writers sort keys, and JavaScript puts those that are numbers first.',
    doubtful: false,
    ...adding('{"b":1,"10":2,"9":3,"a":4}'),
  },
  {
    id: 'raw-body.duplicate_key',
    title: 'a key that stands twice',
    why: 'Parsed and written again it stands once.',
    doubtful: true,
    ...adding('{"a":1,"a":2}'),
  },
  {
    id: 'raw-body.emoji',
    title: 'an emoji',
    why: 'It takes four bytes of UTF-8; whoever hashes the text in another encoding gets others.',
    doubtful: false,
    ...adding('"🖨️ é"'),
  },
  {
    id: 'raw-body.line_separator',
    title: 'U+2028, the line separator',
    why: 'Some writers escape it, and some readers take it for the end of a line.',
    doubtful: false,
    ...adding('"a\u2028b"'),
  },
  {
    id: 'raw-body.lone_surrogate',
    title: 'the escape of half a character',
    why: 'It has no UTF-8 of its own: written again it is a replacement character, or an exception.',
    doubtful: true,
    ...adding('"\\ud83d"'),
  },
];

/** The JSON with one member more, at the end of its first object; null where it has none. */
export function addMember(body: Uint8Array, json: string): Uint8Array | null {
  const first = firstToken(body);
  return first === null ? null : setJson(body, first === '{' ? `/${ADDED}` : `/0/${ADDED}`, json);
}

/** `{`: JSON that is an object; `[`: JSON that is an array whose first item is one. */
function firstToken(body: Uint8Array): '{' | '[' | null {
  const value = parseJson(body);
  const isObject = (one: unknown): boolean => typeof one === 'object' && one !== null && !Array.isArray(one);
  if (isObject(value)) return '{';
  return Array.isArray(value) && isObject(value[0]) ? '[' : null;
}
