/** Takes a large JSON document apart while it is read, so that one delivery of a million is in memory at a time. */
import { WebhookError } from '../errors.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** An item is read as one string, and a string has a greatest length. */
const LARGEST = 400_000_000;

/**
 * Splits JSON text into its items: the values of a list at one of the given places, or, in a document without such a
 * list, the document itself; documents may follow one another (NDJSON). It only finds where items end; whether they are
 * JSON is for their reader to say.
 *
 * @example
 * const items = new JsonItems(['', 'log.entries']); // […], or {"log": {"entries": […]}}
 * for await (const chunk of file) for (const item of items.push(chunk)) JSON.parse(item.toString());
 * items.end();
 */
export class JsonItems {
  readonly #lists: ReadonlySet<string>;
  readonly #deepest: number;
  /** How many items were given. */
  count = 0;

  /** How many containers are open. */
  #depth = 0;
  /** How many are open around an item: none, or those around the list. */
  #base = 0;
  /** In what a document holds beside its list. */
  #beside = false;
  #string = false;
  #escaped = false;
  #item: 'none' | 'container' | 'string' | 'word' = 'none';
  /** What chunks before this one hold of the item. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Of each open container, as far down as a list may stand: the name last read, or null for an array. */
  #names: Array<string | null> = [];
  /** The name that is being read. */
  #name: number[] | null = null;
  #nameComes = false;
  /** Bytes before this chunk. */
  #before = 0;

  /** @param lists Dotted names of the places where a list may stand; the empty text is the document itself. */
  constructor(lists: readonly string[]) {
    const paths = lists.map((list) => (list === '' ? [] : list.split('.')));
    this.#lists = new Set(paths.map((path) => JSON.stringify(path)));
    this.#deepest = Math.max(...paths.map((path) => path.length));
  }

  /**
   * The items that end in this chunk.
   *
   * @throws WebhookError `input_malformed` where the text cannot be JSON, or an item is too large to be read.
   */
  *push(chunk: Uint8Array): Generator<Buffer, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#string) {
        this.#readString(byte);
        if (!this.#string && this.#item === 'string') yield this.#take(chunk, start, at + 1);
        continue;
      }
      if (this.#item === 'word' && isEndOfWord(byte)) yield this.#take(chunk, start, at);
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      if (this.#item === 'none' && !this.#beside && this.#depth === this.#base && this.#beginsItem(byte, at)) start = at;
      switch (byte) {
        case QUOTE:
          this.#string = true;
          if (this.#nameComes) this.#name = [];
          this.#nameComes = false;
          break;
        case COMMA:
          this.#nameComes = this.#isTracking() && this.#names[this.#depth - 1] !== null;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.#open(byte);
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          if (this.#depth === 0) throw this.#malformed(`a ${String.fromCharCode(byte)} stands alone`, at);
          this.#depth--;
          if (this.#item === 'container' && this.#depth === this.#base) yield this.#take(chunk, start, at + 1);
          this.#closed();
      }
    }
    if (this.#item !== 'none') this.#keep(new Uint8Array(chunk.subarray(start)));
    this.#before += chunk.length;
  }

  /**
   * Gives the last item, where only the end of the text says that it has ended.
   *
   * @throws WebhookError `input_malformed` where the text ends in the middle.
   */
  *end(): Generator<Buffer, void, undefined> {
    if (this.#item === 'word' && this.#depth === 0) yield this.#take(new Uint8Array(), 0, 0);
    if (this.#depth > 0 || this.#string) {
      const whole = `${this.count} whole deliver${this.count === 1 ? 'y stands' : 'ies stand'} before that`;
      throw new WebhookError('input_malformed', `The file ends in the middle: it was cut off, and ${whole}.`, {
        hint: 'Make the file once more, or get it whole.',
      });
    }
  }

  /** Whether names are needed: only above the places where a list may stand. */
  #isTracking(): boolean {
    return this.#base === 0 && !this.#beside && this.#depth > 0 && this.#depth <= this.#deepest;
  }

  #beginsItem(byte: number, at: number): boolean {
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return false;
    const offset = this.#before + at;
    if (offset < BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[offset]) return false;
    this.#item = byte === OPEN_BRACE || byte === OPEN_BRACKET ? 'container' : byte === QUOTE ? 'string' : 'word';
    return true;
  }

  #readString(byte: number): void {
    const ends = byte === QUOTE && !this.#escaped;
    this.#escaped = byte === BACKSLASH && !this.#escaped;
    if (!ends) {
      this.#name?.push(byte);
      return;
    }
    this.#string = false;
    if (this.#name === null) return;
    this.#names[this.#depth - 1] = Buffer.from(this.#name).toString('utf8');
    this.#name = null;
  }

  #open(byte: number): void {
    const isList = byte === OPEN_BRACKET && this.#base === 0 && !this.#beside && this.#isListHere();
    this.#depth++;
    if (isList) {
      this.#base = this.#depth;
      this.#item = 'none';
      this.#pieces = [];
      this.#length = 0;
    } else if (this.#isTracking()) {
      this.#names[this.#depth - 1] = byte === OPEN_BRACE ? '' : null;
      this.#nameComes = byte === OPEN_BRACE;
    }
  }

  #isListHere(): boolean {
    if (this.#depth > this.#deepest) return false;
    return this.#lists.has(JSON.stringify(this.#names.slice(0, this.#depth)));
  }

  #closed(): void {
    if (this.#depth < this.#base) {
      this.#base = 0;
      this.#beside = true;
    }
    if (this.#depth === 0) this.#beside = false;
  }

  #keep(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > LARGEST) {
      throw new WebhookError('input_malformed', 'A delivery in the file is larger than 400 MB, and too large to be read.');
    }
    this.#pieces.push(piece);
  }

  #take(chunk: Uint8Array, start: number, end: number): Buffer {
    this.#keep(chunk.subarray(start, end));
    const item = this.#pieces.length === 1 ? Buffer.from(this.#pieces[0] as Uint8Array) : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#item = 'none';
    this.count++;
    return item;
  }

  #malformed(why: string, at: number): WebhookError {
    return new WebhookError('input_malformed', `This is not JSON: ${why}, ${this.#before + at} bytes from its beginning.`);
  }
}

function isEndOfWord(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20;
}
