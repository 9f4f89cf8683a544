import { isUtf8 } from 'node:buffer';

const ROOM = 65_536;
/** Bytes of a body between two looks at the room there is. */
const STEP = 8_192;
/** A byte is written as six at most: `\u001f`. */
const LONGEST = 6;

const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const NEWLINE = 0x0a;
/** What a byte of UTF-8 is here: */
const PLAIN = 0;
/** what stands after a backslash as the letter in SPELLED, */
const ESCAPED = 1;
/** the first byte of a letter that may be either, what only `spell` knows, and what is spelled in hexadecimal. */
const EITHER = 2;
const OTHER = 3;
const HEXADECIMAL = 4;
const SPELLED: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => 'btn\0fr'.charCodeAt(byte - 8) || byte);
const KINDS: Uint8Array = SPELLED.map((letter, byte) => {
  if (letter !== byte || byte === QUOTE || byte === BACKSLASH) return ESCAPED;
  if (byte < SPACE) return HEXADECIMAL;
  // U+0080 to U+00BF begin with C2, U+0300 and what comes after it with CC and more.
  return byte === 0xc2 ? EITHER : byte === 0x7f || byte >= 0xcc ? OTHER : PLAIN;
});

/**
 * JSON as bytes, written value by value. A body passes through as the bytes it is, neither decoded nor encoded: several times
 * as fast as JSON.stringify and what has to come after it.
 */
export class JsonBytes {
  readonly #isLaidOut: boolean;
  readonly #spell: (json: string) => string;
  readonly #room: number;
  #bytes: Buffer = Buffer.allocUnsafeSlow(ROOM);
  #end = 0;
  #depth: number;
  /** Nothing stands yet in the innermost object or array. */
  #isFirst = true;

  /**
   * @param layout `line`: all on one line. `lines`: a member a line. `item`: the same, further in, as in a list.
   * @param spell How a text that JSON.stringify wrote is spelled. It leaves what is printable in ASCII as it is, and U+00A1
   *   to U+02FF but U+00AD.
   * @param room About how many bytes are taken at a time.
   */
  constructor(layout: 'line' | 'lines' | 'item', spell: (json: string) => string, room: number = ROOM) {
    this.#room = room;
    this.#isLaidOut = layout !== 'line';
    this.#depth = layout === 'item' ? 1 : 0;
    this.#spell = spell;
  }

  /** What was written since the last time; what is written next takes its place. */
  take(): Uint8Array {
    const written = this.#bytes.subarray(0, this.#end);
    if (this.#bytes.length > this.#room) this.#bytes = Buffer.allocUnsafeSlow(this.#room);
    this.#end = 0;
    return written;
  }

  /** Begins an object or an array. */
  open(bracket: '{' | '['): void {
    this.#push(bracket.charCodeAt(0));
    this.#depth++;
    this.#isFirst = true;
  }

  close(bracket: '}' | ']'): void {
    this.#depth--;
    if (!this.#isFirst) this.#newline();
    this.#isFirst = false;
    this.#push(bracket.charCodeAt(0));
  }

  /** Comes before each item of an array. */
  item(): void {
    if (!this.#isFirst) this.#push(COMMA);
    this.#isFirst = false;
    this.#newline();
  }

  /** Comes before each member's value. @param name of ASCII letters */
  key(name: string): void {
    this.item();
    this.#makeRoom(name.length + 4);
    const bytes = this.#bytes;
    let end = this.#end;
    bytes[end++] = QUOTE;
    for (let at = 0; at < name.length; at++) bytes[end++] = name.charCodeAt(at);
    bytes[end++] = QUOTE;
    bytes[end++] = COLON;
    if (this.#isLaidOut) bytes[end++] = SPACE;
    this.#end = end;
  }

  /** Two texts on one line, as a header's name and value are. */
  pair(first: string, second: string): void {
    this.literal('[');
    this.text(first);
    this.literal(this.#isLaidOut ? ', ' : ',');
    this.text(second);
    this.literal(']');
  }

  /** A number, `true`, `null`, … as JSON has it: nothing but ASCII. */
  literal(json: string): void {
    this.#makeRoom(json.length);
    const bytes = this.#bytes;
    let end = this.#end;
    for (let at = 0; at < json.length; at++) bytes[end++] = json.charCodeAt(at);
    this.#end = end;
  }

  text(text: string): void {
    this.#makeRoom(text.length + 2);
    const bytes = this.#bytes;
    let end = this.#end;
    bytes[end++] = QUOTE;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < SPACE || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.#spelled(text);
        return;
      }
      bytes[end++] = code;
    }
    bytes[end++] = QUOTE;
    this.#end = end;
  }

  /** A text in UTF-8; false, and nothing is written, where it is none. */
  utf8(text: Uint8Array): boolean {
    const view = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    if (!isUtf8(view)) return false;
    const start = this.#end;
    this.#push(QUOTE);
    for (let from = 0; from < text.length; from += STEP) {
      if (this.#copy(text, from, Math.min(from + STEP, text.length))) continue;
      this.#end = start;
      this.#spelled(view.toString('utf8'));
      return true;
    }
    this.#push(QUOTE);
    return true;
  }

  /** The innermost loop. False where there is something that is not for it to spell. */
  #copy(text: Uint8Array, from: number, to: number): boolean {
    this.#makeRoom((to - from) * LONGEST);
    const bytes = this.#bytes;
    let end = this.#end;
    for (let at = from; at < to; at++) {
      const byte = text[at] as number;
      const kind = KINDS[byte] as number;
      if (kind > ESCAPED) {
        const second = text[at + 1] as number;
        if (kind === OTHER || (kind === EITHER && (second <= 0xa0 || second === 0xad))) return false;
        if (kind === HEXADECIMAL) {
          end += bytes.write(`\\u00${byte.toString(16).padStart(2, '0')}`, end, 'latin1');
          continue;
        }
        bytes[end++] = byte;
        continue;
      }
      // Without a branch, which could not be foreseen: every sixth byte of JSON is a quote. What is not wanted is written over.
      bytes[end] = BACKSLASH;
      end += kind;
      bytes[end++] = SPELLED[byte] as number;
    }
    this.#end = end;
    return true;
  }

  #spelled(text: string): void {
    const json = this.#spell(JSON.stringify(text));
    this.#makeRoom(json.length * 3);
    this.#end += this.#bytes.write(json, this.#end, 'utf8');
  }

  #newline(): void {
    if (!this.#isLaidOut) return;
    const width = 2 * this.#depth;
    this.#makeRoom(width + 1);
    const bytes = this.#bytes;
    let end = this.#end;
    bytes[end++] = NEWLINE;
    for (let at = 0; at < width; at++) bytes[end++] = SPACE;
    this.#end = end;
  }

  #push(byte: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#end++] = byte;
  }

  #makeRoom(size: number): void {
    if (this.#end + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#end + size));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
