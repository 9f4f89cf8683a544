/** A body of which some values are made anew for each delivery, and every other byte stays: read and edited once, filled many times. */
import type { Locator } from '../providers/locator.js';
import { RequestReader } from '../providers/read.js';
import { applyEdits, applyFormEdits, type Edit } from './edits.js';
import { readPointer } from './json-pointer.js';
import type { Random } from './template.js';

/** One delivery in the making. */
export interface Run {
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly time: number;
  /** When it is said to be signed. */
  readonly signedAt: number;
  readonly random: Random;
  /** What its slots have been filled with so far. */
  readonly values: string[];
}

/** A text that is known, or one that each delivery has of its own. */
export type Value = string | ((run: Run) => string);

export function valueIn(run: Run, value: Value): string {
  return typeof value === 'string' ? value : value(run);
}

/** As what a value that the payload lacks is created; null: it is left out. */
export type Created = 'text' | 'number' | null;

/** How a slot's text is written where it stands. */
type Spelling = 'string' | 'number' | 'field';

/** Where a slot's text goes; in the draft a number of many digits stands there. */
interface Placement {
  readonly slot: number;
  readonly spelling: Spelling;
}

const MARK_DIGITS = 12;
const FIRST_MARK = 703_518_264;
const NEXT_MARK = 97;
const INDEX_FROM = 100;

/** A body before it is known what is fresh in it. */
export class BodyDraft {
  #body: Uint8Array;
  readonly #form: boolean;
  /** What the places of slots begin with: digits that stand nowhere else. */
  readonly #mark: string;
  readonly #slots: Array<(run: Run) => string> = [];
  readonly #placements: Placement[] = [];

  /**
   * @param form The body is urlencoded, else JSON.
   * @param others Texts that may be put into it.
   */
  constructor(body: Uint8Array, form: boolean, others: readonly string[]) {
    this.#body = body;
    this.#form = form;
    const texts = [Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), ...others];
    let mark = FIRST_MARK;
    while (texts.some((text) => text.includes(String(mark)))) mark += NEXT_MARK;
    this.#mark = String(mark);
  }

  get body(): Uint8Array {
    return this.#body;
  }

  /** Reads the body as it is now. */
  reader(): RequestReader {
    return new RequestReader({ headers: [], body: this.#body, path: '/' });
  }

  /** What stands at a place; null: nothing that is a text. */
  read(place: Locator, reader: RequestReader = this.reader()): Value | null {
    const text = reader.read(place);
    return text === null ? null : this.#valueOf(text);
  }

  /**
   * Sets a value that the payload has, as the number or string it is there; one that it lacks only where `create` says as what.
   *
   * @param reader What stood there before the first of several that are set; none is within another.
   */
  set(place: Locator, value: Value, create: Created, reader: RequestReader): void {
    if (this.#form) this.#setField(place, value, create);
    else this.#body = this.#replaced(this.#body, place, value, create, reader.json);
  }

  edit(edits: readonly Edit[]): void {
    this.#body = this.#form ? applyFormEdits(this.#body, edits) : applyEdits(this.#body, edits);
  }

  finish(): BodyTemplate {
    const text = Buffer.from(this.#body.buffer, this.#body.byteOffset, this.#body.byteLength).toString('latin1');
    const pieces: Piece[] = [];
    let from = 0;
    for (const { index } of text.matchAll(this.#marks())) {
      const placement = this.#placementAt(text, index);
      const around = placement.spelling === 'string' ? (this.#form ? '%22'.length : '"'.length) : 0;
      pieces.push({ before: this.#body.subarray(from, index - around), slot: placement.slot, write: this.#writer(placement) });
      from = index + MARK_DIGITS + around;
    }
    const reader = this.reader();
    return new BodyTemplate(this.#slots, pieces, this.#body.subarray(from), (place) => this.read(place, reader));
  }

  /** The text that stands for a value: itself, or the mark of a new slot. */
  #put(value: Value, spelling: Spelling): string {
    if (typeof value === 'string') return value;
    this.#placements.push({ slot: this.#slots.push(value) - 1, spelling });
    return this.#mark + String(INDEX_FROM + this.#placements.length - 1);
  }

  #replaced(body: Uint8Array, place: Locator, value: Value, create: Created, json: unknown): Uint8Array {
    const path = place.slice('body:'.length);
    const before = readPointer(json, path);
    if (before === undefined && create === null) return body;
    const asNumber = before === undefined ? create === 'number' : typeof before === 'number';
    const text = this.#put(value, asNumber ? 'number' : 'string');
    return applyEdits(body, [{ kind: 'set', path, json: tokenOf(text, asNumber) }]);
  }

  /** A field of a form has only text. */
  #setField(place: Locator, value: Value, create: Created): void {
    const [field, pointer] = place.split('#/', 2) as [Locator, string?];
    const before = this.reader().read(field);
    if (before === null && (create === null || pointer !== undefined)) return;
    let after: string;
    if (pointer === undefined) {
      after = this.#put(value, 'field');
    } else {
      const inner = Buffer.from(before ?? '');
      const { json } = new RequestReader({ headers: [], body: inner, path: '/' });
      after = Buffer.from(this.#replaced(inner, `body:/${pointer}`, value, create, json)).toString('utf8');
    }
    if (after === before) return;
    const path = [{ form: 'key', text: field.slice('form:'.length) }] as const;
    this.#body = applyFormEdits(this.#body, [{ kind: 'set', path, json: JSON.stringify(after) }]);
  }

  #marks(): RegExp {
    return new RegExp(`${this.#mark}\\d{${MARK_DIGITS - this.#mark.length}}`, 'g');
  }

  #placementAt(text: string, index: number): Placement {
    return this.#placements[Number(text.slice(index + this.#mark.length, index + MARK_DIGITS)) - INDEX_FROM] as Placement;
  }

  /** What was read out of the draft, the marks in it as what they stand for. */
  #valueOf(text: string): Value {
    if (!text.includes(this.#mark)) return text;
    if (text.length === MARK_DIGITS) {
      const { slot } = this.#placementAt(text, 0);
      return (run) => run.values[slot] as string;
    }
    // JSON that is the value of a form's field.
    return (run) =>
      text.replace(this.#marks(), (_, index: number) => {
        const { slot, spelling } = this.#placementAt(text, index);
        const value = run.values[slot] as string;
        return spelling === 'string' ? JSON.stringify(value).slice(1, -1) : value;
      });
  }

  #writer({ spelling }: Placement): (text: string) => string {
    if (spelling === 'field') return formEncoded;
    const token = spelling === 'number' ? (text: string) => tokenOf(text, true) : (text: string) => JSON.stringify(text);
    return this.#form ? (text) => formEncoded(token(text)) : token;
  }
}

function tokenOf(text: string, asNumber: boolean): string {
  return asNumber && /^(0|[1-9]\d*)$/.test(text) ? text : JSON.stringify(text);
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

interface Piece {
  readonly before: Uint8Array;
  readonly slot: number;
  readonly write: (text: string) => string;
}

/** A body ready to be filled. */
export class BodyTemplate {
  readonly #slots: ReadonlyArray<(run: Run) => string>;
  readonly #pieces: readonly Piece[];
  readonly #end: Uint8Array;
  readonly #fixedBytes: number;
  readonly #find: (place: Locator) => Value | null;
  readonly #found = new Map<Locator, Value | null>();

  constructor(
    slots: ReadonlyArray<(run: Run) => string>,
    pieces: readonly Piece[],
    end: Uint8Array,
    find: (place: Locator) => Value | null,
  ) {
    this.#slots = slots;
    this.#pieces = pieces;
    this.#end = end;
    this.#fixedBytes = pieces.reduce((sum, { before }) => sum + before.length, end.length);
    this.#find = find;
  }

  /** The bytes of one delivery; `run.values` are its own from then on. */
  fill(run: Run): Uint8Array {
    for (const slot of this.#slots) run.values.push(slot(run));
    if (this.#pieces.length === 0) return this.#end;
    const texts = this.#pieces.map(({ slot, write }) => write(run.values[slot] as string));
    const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + Buffer.byteLength(text), this.#fixedBytes));
    let at = 0;
    for (const [index, { before }] of this.#pieces.entries()) {
      bytes.set(before, at);
      at += before.length;
      at += bytes.write(texts[index] as string, at, 'utf8');
    }
    bytes.set(this.#end, at);
    return bytes;
  }

  /** What a filled body says at a place, without reading it again. */
  read(place: Locator, run: Run): string | null {
    let value = this.#found.get(place);
    if (value === undefined) {
      value = this.#find(place);
      this.#found.set(place, value);
    }
    return value === null ? null : valueIn(run, value);
  }
}
