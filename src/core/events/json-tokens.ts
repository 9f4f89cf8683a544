import { createScanner, type JSONScanner } from 'jsonc-parser';
import { WebhookError } from '../errors.js';

/** What a token is. `key` is a string that names a member. */
export type JsonTokenKind = '{' | '}' | '[' | ']' | ',' | ':' | 'key' | 'string' | 'number' | 'literal';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  /** Where its first character stands in the text. */
  readonly start: number;
  /** One past its last character. */
  readonly end: number;
}

// jsonc-parser declares its SyntaxKind as a const enum, which code compiled one file at a time cannot read.
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const COMMA = 5;
const COLON = 6;
const NULL = 7;
const FALSE = 9;
const STRING = 10;
const NUMBER = 11;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const EOF = 17;

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or }' | ', or ]' | 'end';

const EXPECTATIONS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  ':': 'a colon',
  ', or }': 'a comma or }',
  ', or ]': 'a comma or ]',
  end: 'the end of the document',
};

/** What jsonc-parser's scan errors mean, by their number. */
const SCAN_ERRORS: Readonly<Record<number, string>> = {
  2: 'the string is not closed',
  3: 'the number is not complete',
  4: '\\u needs four hexadecimal digits',
  5: 'the string holds an unknown escape',
  6: 'the string holds a control character that is not escaped',
};

/**
 * Reads strict JSON (RFC 8259) token by token and checks it on the way: no comments, no trailing commas. It keeps its own
 * stack, one bit a level, so that nesting is limited by nothing but the text.
 *
 * The text is bytes read as Latin-1, one character a byte, so that offsets are byte offsets and nothing is lost.
 */
export class JsonReader {
  /** The token last read. */
  kind: JsonTokenKind = 'literal';
  start = 0;
  end = 0;
  /** How many objects and arrays are open, after the token last read. */
  depth = 0;

  readonly #text: string;
  readonly #scanner: JSONScanner;
  #expected: Expected = 'value';
  /** One bit an open container: set for an object. */
  #objects = new Uint8Array(64);

  constructor(latin1: string) {
    this.#text = latin1;
    this.#scanner = createScanner(latin1, false);
    // A byte order mark is not JSON, but senders write it and parsers skip it.
    if (latin1.startsWith(BYTE_ORDER_MARK)) this.end = BYTE_ORDER_MARK.length;
  }

  /**
   * Goes to the next token. Gives false at the end of a complete document.
   *
   * @throws WebhookError `edit_failed` with line and column where the text is not JSON.
   */
  next(): boolean {
    // The scanner collects white space character by character, which a megabyte of it makes slow.
    const from = skipWhiteSpace(this.#text, this.end);
    this.#scanner.setPosition(from);
    const token = this.#scanner.scan() as number;
    this.start = from;
    if (token === EOF) {
      if (this.#expected !== 'end') this.#fail(`the document ends where ${EXPECTATIONS[this.#expected]} should stand`);
      return false;
    }
    if (token === LINE_COMMENT || token === BLOCK_COMMENT) this.#fail('comments are not JSON');
    const error = this.#scanner.getTokenError() as number;
    if (error !== 0) this.#fail(SCAN_ERRORS[error] ?? 'the text cannot be read');
    this.end = this.#scanner.getPosition();
    this.#accept(token);
    return true;
  }

  #accept(token: number): void {
    switch (token) {
      case OPEN_BRACE:
        this.#expectValue();
        this.#open(true);
        return;
      case OPEN_BRACKET:
        this.#expectValue();
        this.#open(false);
        return;
      case CLOSE_BRACE:
        if (this.#expected !== 'key or }' && this.#expected !== ', or }') this.#failExpected();
        this.#close('}');
        return;
      case CLOSE_BRACKET:
        if (this.#expected !== 'value or ]' && this.#expected !== ', or ]') this.#failExpected();
        this.#close(']');
        return;
      case COMMA:
        if (this.#expected === ', or }') this.#expected = 'key';
        else if (this.#expected === ', or ]') this.#expected = 'value';
        else this.#failExpected();
        this.kind = ',';
        return;
      case COLON:
        if (this.#expected !== ':') this.#failExpected();
        this.#expected = 'value';
        this.kind = ':';
        return;
      case STRING:
        if (this.#expected === 'key' || this.#expected === 'key or }') {
          this.kind = 'key';
          this.#expected = ':';
          return;
        }
        this.#scalar('string');
        return;
      case NUMBER:
        this.#scalar('number');
        return;
      default:
        if (token < NULL || token > FALSE) this.#failExpected();
        this.#scalar('literal');
    }
  }

  #scalar(kind: 'string' | 'number' | 'literal'): void {
    this.#expectValue();
    this.kind = kind;
    this.#afterValue();
  }

  #open(object: boolean): void {
    const byte = this.depth >> 3;
    if (byte >= this.#objects.length) {
      const grown = new Uint8Array(this.#objects.length * 2);
      grown.set(this.#objects);
      this.#objects = grown;
    }
    const bit = 1 << (this.depth & 7);
    const bits = this.#objects[byte] ?? 0;
    this.#objects[byte] = object ? bits | bit : bits & ~bit;
    this.depth++;
    this.kind = object ? '{' : '[';
    this.#expected = object ? 'key or }' : 'value or ]';
  }

  #close(kind: '}' | ']'): void {
    this.depth--;
    this.kind = kind;
    this.#afterValue();
  }

  #afterValue(): void {
    if (this.depth === 0) {
      this.#expected = 'end';
      return;
    }
    const level = this.depth - 1;
    const inObject = ((this.#objects[level >> 3] ?? 0) & (1 << (level & 7))) !== 0;
    this.#expected = inObject ? ', or }' : ', or ]';
  }

  #expectValue(): void {
    if (this.#expected !== 'value' && this.#expected !== 'value or ]') this.#failExpected();
  }

  #failExpected(): never {
    return this.#fail(`${EXPECTATIONS[this.#expected]} should stand there`);
  }

  #fail(why: string): never {
    const { line, column } = positionOf(this.#text, this.start);
    throw new WebhookError('edit_failed', `This is not JSON: line ${line}, column ${column}: ${why}.`, {
      hint: 'Correct the JSON there.',
    });
  }
}

/** The byte order mark of UTF-8, its bytes read as Latin-1. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * The tokens of a JSON text (bytes read as Latin-1), white space and a byte order mark aside, in order.
 *
 * @throws WebhookError `edit_failed` while it is read, where the text is not JSON.
 */
export function* jsonTokens(latin1: string): Generator<JsonToken, void, undefined> {
  const reader = new JsonReader(latin1);
  while (reader.next()) yield { kind: reader.kind, start: reader.start, end: reader.end };
}

/** Bytes as a string of one character a byte. */
export function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The UTF-8 bytes of a text, as a string of one character a byte. */
export function utf8AsLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** What a piece of a Latin-1 string says as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function utf8Of(latin1: string): string {
  return isAscii(latin1) ? latin1 : Buffer.from(latin1, 'latin1').toString('utf8');
}

/** What a string literal says, from what stands between its quotes (bytes read as Latin-1). */
export function textOfString(inside: string): string {
  return inside.includes('\\') ? String(JSON.parse(utf8Of(`"${inside}"`))) : utf8Of(inside);
}

function isAscii(text: string): boolean {
  return !/[\x80-\uffff]/.test(text);
}

function skipWhiteSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

/** Line and column, from 1; a column is a character of UTF-8. LF, CR and CRLF end a line. */
function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = text.startsWith(BYTE_ORDER_MARK) ? Math.min(BYTE_ORDER_MARK.length, offset) : 0;
  for (let at = 0; at < offset; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) {
      line++;
      lineStart = at + 1;
    }
  }
  let column = 1;
  for (let at = lineStart; at < offset; at++) {
    // The bytes 80 to BF continue a character.
    if ((text.charCodeAt(at) & 0xc0) !== 0x80) column++;
  }
  return { line, column };
}
