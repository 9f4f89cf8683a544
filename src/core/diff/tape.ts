/** A JSON document as a flat list of its values, so that documents of any size and depth can be compared without recursion. */
import { WebhookError } from '../errors.js';
import type { JsonPath, PathSegment } from '../events/json-path.js';
import { JsonReader, latin1Of, textOfString, utf8AsLatin1 } from '../events/json-tokens.js';
import { canonicalNumber } from './number.js';

/** Two documents of so many values take some 300 MB; larger ones are compared as bytes. */
const MOST_VALUES = 5_000_000;
/** Of a value that stands deeper, only the last steps of its path are told. */
const MOST_STEPS = 64;

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The values of a document in the order they stand in; a value is its number, 0 the root. */
export class JsonTape {
  /** The document, one character a byte. */
  readonly text: string;
  #count = 0;
  #start = new Int32Array(256);
  #end = new Int32Array(256);
  /** How many values it is, itself among them; while it is read, how many members or items it has so far. */
  #size = new Int32Array(256);
  #parent = new Int32Array(256);
  /** Where the key stands in the text, or the index in the array. */
  #slot = new Int32Array(256);
  #hash = new Int32Array(256);
  #otherHash = new Int32Array(256);

  private constructor(text: string) {
    this.text = text;
  }

  /** Null where the bytes are not JSON, or hold more values than can be compared. */
  static of(bytes: Uint8Array): JsonTape | null {
    const tape = new JsonTape(latin1Of(bytes));
    try {
      return tape.#read() ? tape : null;
    } catch (error) {
      if (error instanceof WebhookError) return null;
      throw error;
    }
  }

  isObject(value: number): boolean {
    return this.text.charCodeAt(this.start(value)) === OPEN_BRACE;
  }

  isArray(value: number): boolean {
    return this.text.charCodeAt(this.start(value)) === OPEN_BRACKET;
  }

  isString(value: number): boolean {
    return this.text.charCodeAt(this.start(value)) === QUOTE;
  }

  isContainer(value: number): boolean {
    return this.isObject(value) || this.isArray(value);
  }

  /** Where its text begins, in bytes. */
  start(value: number): number {
    return this.#start[value] as number;
  }

  /** One past its last byte. */
  end(value: number): number {
    return this.#end[value] as number;
  }

  /** What holds it; -1 for the root. */
  parent(value: number): number {
    return this.#parent[value] as number;
  }

  /** The value behind it and all that it holds. */
  next(value: number): number {
    return value + (this.#size[value] as number);
  }

  get count(): number {
    return this.#count;
  }

  children(container: number): number[] {
    const children: number[] = [];
    const end = this.next(container);
    for (let child = container + 1; child < end; child = this.next(child)) children.push(child);
    return children;
  }

  /** Its text as it stands in the document. */
  raw(value: number): string {
    return this.text.slice(this.start(value), this.end(value));
  }

  /** The key as it is spelled, without its quotes; of a member of an object. */
  rawKey(member: number): string {
    const start = (this.#slot[member] as number) + 1;
    return this.text.slice(start, endOfString(this.text, start));
  }

  /** Where the key's opening quote stands. */
  keyStart(member: number): number {
    return this.#slot[member] as number;
  }

  key(member: number): string {
    return textOfString(this.rawKey(member));
  }

  /** What a string says. */
  textOf(value: number): string {
    return textOfString(this.text.slice(this.start(value) + 1, this.end(value) - 1));
  }

  /** Different where they differ in meaning; equal, all but certainly, where they do not. */
  isAlike(value: number, other: JsonTape, otherValue: number): boolean {
    return this.#hash[value] === other.#hash[otherValue] && this.#otherHash[value] === other.#otherHash[otherValue];
  }

  /** For a map; see {@link isAlike}. */
  hash(value: number): number {
    return this.#hash[value] as number;
  }

  /** From the root to a value; of a very deep one only the end, after a step `…`. */
  path(value: number): JsonPath {
    const path: PathSegment[] = [];
    for (let at = value; this.parent(at) >= 0; at = this.parent(at)) {
      if (path.length === MOST_STEPS) {
        path.push({ form: 'key', text: '…' });
        break;
      }
      path.push(
        this.isArray(this.parent(at)) ? { form: 'index', text: String(this.#slot[at]) } : { form: 'key', text: this.key(at) },
      );
    }
    return path.reverse();
  }

  #read(): boolean {
    const reader = new JsonReader(this.text);
    let current = -1;
    let key = -1;
    while (reader.next()) {
      const { kind, start, end } = reader;
      if (kind === ',' || kind === ':') continue;
      if (kind === 'key') {
        key = start;
        continue;
      }
      if (kind === '}' || kind === ']') {
        this.#end[current] = end;
        this.#size[current] = this.#count - current;
        const closed = current;
        current = this.parent(current);
        this.#fold(current, closed);
        continue;
      }
      if (this.#count === MOST_VALUES) return false;
      const value = this.#add(start, current, key);
      if (kind === '{' || kind === '[') {
        this.#hash[value] = kind === '{' ? 0x1d0b : 0x2f17;
        this.#otherHash[value] = kind === '{' ? 0x51ed : 0x68b3;
        current = value;
        continue;
      }
      this.#end[value] = end;
      this.#size[value] = 1;
      const said =
        kind === 'number' ? canonicalNumber(this.raw(value)) : kind === 'string' ? this.#plain(start, end) : this.raw(value);
      this.#hash[value] = hashOf(said, kind.charCodeAt(0));
      this.#otherHash[value] = hashOf(said, kind.charCodeAt(1) + 0x9e37);
      this.#fold(current, value);
    }
    return true;
  }

  #add(start: number, parent: number, key: number): number {
    if (this.#count === this.#start.length) this.#grow();
    const value = this.#count++;
    this.#start[value] = start;
    this.#parent[value] = parent;
    this.#size[value] = 0;
    this.#slot[value] = parent >= 0 && this.isObject(parent) ? key : ((this.#size[parent] ?? 0) as number);
    if (parent >= 0) this.#size[parent] = (this.#size[parent] as number) + 1;
    return value;
  }

  /** Adds what a value says to what holds it. The order of members means nothing, that of items does. */
  #fold(container: number, value: number): void {
    if (container < 0) return;
    const hash = this.#hash[value] as number;
    const otherHash = this.#otherHash[value] as number;
    if (this.isObject(container)) {
      const start = this.keyStart(value);
      const key = this.#plain(start, endOfString(this.text, start + 1) + 1);
      this.#hash[container] = ((this.#hash[container] as number) + mixed(hashOf(key, 7), hash)) | 0;
      this.#otherHash[container] = ((this.#otherHash[container] as number) + mixed(hashOf(key, 77), otherHash)) | 0;
    } else {
      this.#hash[container] = mixed(this.#hash[container] as number, hash);
      this.#otherHash[container] = mixed(this.#otherHash[container] as number, otherHash);
    }
  }

  /** What a string literal says, as its UTF-8 bytes: however it is escaped, it is the same. */
  #plain(start: number, end: number): string {
    const inside = this.text.slice(start + 1, end - 1);
    return inside.includes('\\') ? utf8AsLatin1(textOfString(inside)) : inside;
  }

  #grow(): void {
    const length = Math.min(this.#start.length * 2, MOST_VALUES);
    const grown = (before: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const after = new Int32Array(length);
      after.set(before);
      return after;
    };
    this.#start = grown(this.#start);
    this.#end = grown(this.#end);
    this.#size = grown(this.#size);
    this.#parent = grown(this.#parent);
    this.#slot = grown(this.#slot);
    this.#hash = grown(this.#hash);
    this.#otherHash = grown(this.#otherHash);
  }
}

/** Where the quote stands that ends a string, from the first character inside it on. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from);
  for (;;) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
}

function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash, text.length);
}

/** Murmur3's way of stirring a number into another. */
function mixed(hash: number, value: number): number {
  let stirred = Math.imul(value, 0xcc9e2d51);
  stirred = (stirred << 15) | (stirred >>> 17);
  let result = hash ^ Math.imul(stirred, 0x1b873593);
  result = (result << 13) | (result >>> 19);
  result = (Math.imul(result, 5) + 0xe6546b64) | 0;
  result ^= result >>> 16;
  return Math.imul(result, 0x85ebca6b);
}
