/** Reads what JSON.parse gave of a file, and names the place where it is not as it should be. */
import { WebhookError } from '../errors.js';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** What a document should be, for the message about one that is not. */
export interface Form {
  /** `an exported delivery` */
  readonly what: string;
  readonly hint: string;
}

/** A value and where it stands in the document, so that a wrong one can be named. What it throws is `input_malformed`. */
export class Place {
  readonly #value: unknown;
  readonly #pointer: string;
  readonly #form: Form;

  constructor(value: unknown, form: Form, pointer = '') {
    this.#value = value;
    this.#pointer = pointer;
    this.#form = form;
  }

  get absent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  expected(what: string): WebhookError {
    const where = this.#pointer === '' ? 'The document' : this.#pointer;
    return new WebhookError(
      'input_malformed',
      `This is not ${this.#form.what}: ${where} should be ${what}, but is ${named(this.#value)}.`,
      { hint: this.#form.hint },
    );
  }

  at(key: string): Place {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.expected('an object');
    return new Place(Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined, this.#form, `${this.#pointer}/${key}`);
  }

  items(): Place[] {
    if (!Array.isArray(this.#value)) throw this.expected('an array');
    return this.#value.map((item: unknown, index) => new Place(item, this.#form, `${this.#pointer}/${index}`));
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.expected('a string');
    return this.#value;
  }

  textOrNull(): string | null {
    if (this.absent) return null;
    if (typeof this.#value !== 'string') throw this.expected('a string or null');
    return this.#value;
  }

  satisfying(test: (text: string) => boolean, what: string): string {
    if (typeof this.#value !== 'string' || !test(this.#value)) throw this.expected(what);
    return this.#value;
  }

  matching(pattern: RegExp, what: string): string {
    return this.satisfying((text) => pattern.test(text), what);
  }

  oneOf<Word extends string>(words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === this.#value);
    if (word === undefined) throw this.expected(words.map((candidate) => `"${candidate}"`).join(' or '));
    return word;
  }

  flag(): boolean {
    if (typeof this.#value !== 'boolean') throw this.expected('true or false');
    return this.#value;
  }

  numberOrNull(): number | null {
    if (this.absent) return null;
    if (typeof this.#value !== 'number') throw this.expected('a number or null');
    return this.#value;
  }

  status(): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 100 || value > 999)
      throw this.expected('an HTTP status');
    return value;
  }

  duration(): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw this.expected('a number of milliseconds');
    return value;
  }

  /** Unix time in milliseconds. */
  time(): number {
    const value = this.#value;
    const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time)) throw this.expected('a time such as "2026-11-22T14:02:11.123Z"');
    return time;
  }
}

function named(value: unknown): string {
  if (value === undefined) return 'not there';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
}
