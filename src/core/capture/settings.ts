/** What a value is by how it is called, and by what it is about. */
import type { JsonTape } from '../diff/tape.js';
import { isPersonal, onlyPersonsHave, plainKey, type Sensitive, sensitiveBy, sensitiveIn } from './sensitive.js';

/** How a value is called, and whether it is about a person. */
export interface Setting {
  readonly key: string;
  readonly personal: boolean;
}

/** Items of lists in lists are looked up as many levels for a name. */
const MOST_LISTS = 8;
const NUMBERS_TOO: ReadonlySet<Sensitive> = new Set([
  'secret',
  'phone number',
  'part of an address',
  'card number',
  'account number',
  'id number',
]);

/** What a value is by its name; one that is empty is nothing. */
export function kindOf(setting: Setting, text: string, isNumber: boolean): Sensitive | null {
  if (text.trim() === '') return null;
  const kind = sensitiveBy(setting, isNumber);
  if (kind === null) return null;
  if (isNumber) return NUMBERS_TOO.has(kind) ? kind : null;
  // Whatever it is called, an address to write mails to is one.
  const [match] = sensitiveIn(text);
  return match !== undefined && match.start === 0 && match.end === text.length ? match.kind : kind;
}

/** The settings of a document's values. */
export class Settings {
  readonly #tape: JsonTape;
  readonly #personal = new Map<number, boolean>();

  constructor(tape: JsonTape) {
    this.#tape = tape;
  }

  of(value: number): Setting {
    const member = this.#memberOf(value);
    if (member < 0) return { key: '', personal: false };
    return { key: plainKey(this.#tape.key(member)), personal: this.#isPersonal(this.#tape.parent(member)) };
  }

  /** The member of an object that the value is, or that it is an item of; -1: neither. */
  #memberOf(value: number): number {
    let at = value;
    for (let level = 0; level < MOST_LISTS; level++) {
      const parent = this.#tape.parent(at);
      if (parent < 0) return -1;
      if (this.#tape.isObject(parent)) return at;
      at = parent;
    }
    return -1;
  }

  #isPersonal(object: number): boolean {
    const known = this.#personal.get(object);
    if (known !== undefined) return known;
    const tape = this.#tape;
    const member = this.#memberOf(object);
    let personal = member >= 0 && isPersonal(plainKey(tape.key(member)));
    const end = tape.next(object);
    for (let child = object + 1; !personal && child < end; child = tape.next(child)) {
      personal = onlyPersonsHave(plainKey(tape.key(child)));
    }
    this.#personal.set(object, personal);
    return personal;
  }
}
