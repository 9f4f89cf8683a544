/** Makes of a real payload one that can be shown: what is private in it gives way to stand-ins, and every other byte stays. */
import { JsonTape } from '../diff/tape.js';
import { formatPath, type JsonPath } from '../events/json-path.js';
import { isUnder, type PathPattern } from '../events/path-pattern.js';
import { KnownValues } from './known.js';
import { type Replacement, replaceInLiteral } from './literal.js';
import { onlyPersonsHave, plainKey, type Sensitive, sensitiveIn } from './sensitive.js';
import { kindOf, type Setting, Settings } from './settings.js';
import { partsOfName, StandIns } from './stand-ins.js';

export interface CaptureOptions {
  /** Paths at which nothing is changed. */
  readonly keep?: readonly PathPattern[];
  /** A urlencoded form. */
  readonly form?: boolean;
}

/** What was replaced. The value itself is told nowhere. */
export interface Redaction {
  readonly path: string;
  readonly kind: Sensitive;
  readonly standIn: string;
}

export interface Captured {
  readonly body: Uint8Array;
  readonly redactions: readonly Redaction[];
  /** How the body was read: of a text only what looks private can be found, not what is called so. */
  readonly readAs: 'json' | 'form' | 'text' | 'binary';
}

/** JSON in a text in JSON, at most so deep. */
const DEEPEST_NESTED = 3;

/**
 * Replaces secrets, tokens, e-mail addresses, names, phone numbers, addresses, card and account numbers. The same value gets the same
 * stand-in wherever it stands: in other members, within longer texts, in keys.
 *
 * @example capture(body, { keep: [parsePattern('data.order.customer.company')] })
 */
export function capture(body: Uint8Array, options: CaptureOptions = {}): Captured {
  const text = decodedText(body);
  if (text === null) return { body, redactions: [], readAs: 'binary' };
  const work = new Work(options.keep ?? []);
  if (options.form === true) return { body: work.form(text), redactions: work.redactions, readAs: 'form' };
  const tape = JsonTape.of(body);
  if (tape === null) return { body: work.plain(text), redactions: work.redactions, readAs: 'text' };
  work.collect(tape, [], 0);
  return { body: Buffer.from(work.rewrite(tape, [], 0), 'latin1'), redactions: work.redactions, readAs: 'json' };
}

function decodedText(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

class Work {
  readonly redactions: Redaction[] = [];
  readonly #keep: readonly PathPattern[];
  readonly #known = new KnownValues();
  readonly #standIns = new StandIns(this.#known);

  constructor(keep: readonly PathPattern[]) {
    this.#keep = keep;
  }

  /** Finds what is private, before anything is replaced: a value may stand in a place that tells nothing first. */
  collect(tape: JsonTape, above: JsonPath, depth: number): void {
    const settings = new Settings(tape);
    for (let value = 0; value < tape.count; value++) {
      const isNumber = isNumberAt(tape, value);
      if (!isNumber && !tape.isString(value)) continue;
      if (this.#isKept(tape, value, above)) continue;
      const text = isNumber ? tape.raw(value) : tape.textOf(value);
      const inner = isNumber ? null : nested(text, depth);
      if (inner !== null) {
        this.collect(inner, [...above, ...tape.path(value)], depth + 1);
        continue;
      }
      const kind = kindOf(settings.of(value), text, isNumber);
      if (kind === null) this.#collectFrom(text);
      else this.#add(text, kind);
    }
  }

  /** The document with everything replaced, as Latin-1 text. */
  rewrite(tape: JsonTape, above: JsonPath, depth: number): string {
    const settings = new Settings(tape);
    let result = '';
    let from = 0;
    const put = (start: number, end: number, text: string): void => {
      result += tape.text.slice(from, start) + text;
      from = end;
    };
    for (let value = 0; value < tape.count; value++) {
      if (this.#isKept(tape, value, above)) continue;
      const member = tape.parent(value) >= 0 && tape.isObject(tape.parent(value));
      if (member) {
        const replacements = this.#replacements(tape.key(value));
        if (replacements.length > 0) {
          const raw = tape.rawKey(value);
          const start = tape.keyStart(value) + 1;
          put(start, start + raw.length, replaceInLiteral(raw, replacements));
          this.#tell(tape, value, above, replacements);
        }
      }
      const [start, end] = [tape.start(value), tape.end(value)];
      if (isNumberAt(tape, value)) {
        const replacement = this.#numberFor(tape.raw(value), settings.of(value));
        if (replacement === null) continue;
        put(start, end, replacement.text);
        this.#tell(tape, value, above, [replacement]);
      } else if (tape.isString(value)) {
        const text = tape.textOf(value);
        const inner = nested(text, depth);
        if (inner !== null) {
          const before = Buffer.from(text).toString('latin1');
          const after = this.rewrite(inner, [...above, ...tape.path(value)], depth + 1);
          if (after !== before) {
            put(start, end, Buffer.from(JSON.stringify(Buffer.from(after, 'latin1').toString('utf8'))).toString('latin1'));
          }
          continue;
        }
        const kind = kindOf(settings.of(value), text, false);
        const replacements = kind === null ? this.#replacements(text) : [this.#whole(text, kind)];
        if (replacements.length === 0) continue;
        put(start + 1, end - 1, replaceInLiteral(tape.text.slice(start + 1, end - 1), replacements));
        this.#tell(tape, value, above, replacements);
      }
    }
    return result + tape.text.slice(from);
  }

  /** A form's fields are like the members of one object. */
  form(text: string): Uint8Array {
    const fields = text.split('&').map((raw) => {
      const [[name, value] = ['', '']] = [...new URLSearchParams(raw)];
      return { raw, name, value, key: plainKey(name) };
    });
    const personal = fields.some(({ key }) => onlyPersonsHave(key));
    const pathOf = (name: string): JsonPath => [{ form: 'key', text: name }];
    const isKept = (name: string): boolean => this.#keep.some((pattern) => isUnder(pathOf(name), pattern));
    for (const { name, value, key } of fields) {
      if (value === '' || isKept(name)) continue;
      const inner = nested(value, 0);
      const kind = kindOf({ key, personal }, value, false);
      if (inner !== null) this.collect(inner, pathOf(name), 1);
      else if (kind === null) this.#collectFrom(value);
      else this.#add(value, kind);
    }
    const written = fields.map(({ raw, name, value, key }) => {
      if (value === '' || isKept(name)) return raw;
      const inner = nested(value, 0);
      const kind = kindOf({ key, personal }, value, false);
      let after = value;
      if (inner !== null) after = Buffer.from(this.rewrite(inner, pathOf(name), 1), 'latin1').toString('utf8');
      else {
        const replacements = kind === null ? this.#replacements(value) : [this.#whole(value, kind)];
        after = replaced(value, replacements);
        for (const { kind: found, text: standIn } of replacements) this.redactions.push({ path: name, kind: found, standIn });
      }
      if (after === value) return raw;
      return raw.slice(0, raw.indexOf('=') + 1) + new URLSearchParams([['', after]]).toString().slice(1);
    });
    return Buffer.from(written.join('&'));
  }

  /** A text of no form that is known here. */
  plain(text: string): Uint8Array {
    this.#collectFrom(text);
    const replacements = this.#replacements(text);
    for (const { kind, text: standIn } of replacements) this.redactions.push({ path: '', kind, standIn });
    return Buffer.from(replaced(text, replacements));
  }

  #add(text: string, kind: Sensitive): void {
    this.#known.add(text.trim(), kind);
    if (kind !== 'name') return;
    const [given, family] = partsOfName(text);
    if (family === undefined) return;
    this.#known.add(given, 'given name');
    this.#known.add(family, 'family name');
  }

  #collectFrom(text: string): void {
    for (const { start, end, kind } of sensitiveIn(text)) this.#add(text.slice(start, end), kind);
  }

  /** All of a text, white space around it aside. */
  #whole(text: string, kind: Sensitive): Told {
    const start = text.length - text.trimStart().length;
    const trimmed = text.trim();
    return { start, end: start + trimmed.length, text: this.#standIns.of(trimmed, kind), kind };
  }

  /** What of a text is private, the longest first where several begin at one place. */
  #replacements(text: string): Told[] {
    const found = [...sensitiveIn(text), ...this.#known.find(text)].sort((a, b) => a.start - b.start || b.end - a.end);
    const told: Told[] = [];
    let from = 0;
    for (const { start, end, kind } of found) {
      if (start < from) continue;
      told.push({ start, end, kind, text: this.#standIns.of(text.slice(start, end), kind) });
      from = end;
    }
    return told;
  }

  #numberFor(raw: string, setting: Setting): Told | null {
    const kind = kindOf(setting, raw, true) ?? this.#known.find(raw).find(({ end }) => end === raw.length)?.kind ?? null;
    if (kind === null) return null;
    const text = this.#standIns.of(raw, kind);
    // A text may have had the same digits, and got what is no number.
    return {
      start: 0,
      end: raw.length,
      kind,
      text: /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? text : text.replace(/\D|^0+/g, '') || '0',
    };
  }

  #isKept(tape: JsonTape, value: number, above: JsonPath): boolean {
    if (this.#keep.length === 0) return false;
    const path = [...above, ...tape.path(value)];
    return this.#keep.some((pattern) => isUnder(path, pattern));
  }

  /** A path may hold what is private itself, in a key. */
  #tell(tape: JsonTape, value: number, above: JsonPath, told: readonly Told[]): void {
    const path = [...above, ...tape.path(value)].map((step) =>
      step.form === 'key' ? { ...step, text: replaced(step.text, this.#replacements(step.text)) } : step,
    );
    for (const { kind, text } of told) this.redactions.push({ path: formatPath(path), kind, standIn: text });
  }
}

type Told = Replacement & { readonly kind: Sensitive };

function replaced(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text: standIn } of replacements) {
    result += text.slice(from, start) + standIn;
    from = end;
  }
  return result + text.slice(from);
}

/** A text that is a JSON document itself, as some senders put it into a member or a field. */
function nested(text: string, depth: number): JsonTape | null {
  if (depth >= DEEPEST_NESTED || !/^\s*[[{]/.test(text)) return null;
  return JsonTape.of(Buffer.from(text));
}

function isNumberAt(tape: JsonTape, value: number): boolean {
  const code = tape.text.charCodeAt(tape.start(value));
  return code === 0x2d || (code >= 0x30 && code <= 0x39);
}
