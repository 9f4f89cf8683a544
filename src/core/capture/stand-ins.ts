/** What stands in place of private values: made up, of the same form, and always the same for the same value. */
import type { KnownValues } from './known.js';
import { luhn, type Sensitive } from './sensitive.js';

const GIVEN = ['Alex', 'Sam', 'Robin', 'Kim', 'Charlie', 'Jamie', 'Noor', 'Mika', 'Andrea', 'Sascha', 'Jules', 'Toni'];
const FAMILY = ['Sample', 'Tester', 'Muster', 'Placeholder', 'Fictive', 'Modell', 'Voorbeeld', 'Ejemplo', 'Esempio', 'Exemple'];

/** What says of a secret no more than what it is for. */
const KNOWN_PREFIX = /^(?:sk|pk|rk|whsec|xox[abposr]|gh[pousr]|glpat|shpat|shpss|c2p)[-_](?:(?:live|test)[-_])?/;

/** `4242 4242 4242 4242` and `4242424242424242` are one. */
const GROUPED: ReadonlySet<Sensitive> = new Set(['card number', 'phone number', 'account number', 'id number']);

/** A candidate that holds a private value itself is passed over, at most so often. */
const MOST_TRIES = 200;

export class StandIns {
  readonly #known: KnownValues;
  readonly #made = new Map<string, string>();
  readonly #counts = new Map<Sensitive, number>();
  /** Of those that may be written in groups, how many there were before. */
  readonly #numbers = new Map<string, number>();

  /** @param known What no stand-in may hold. */
  constructor(known: KnownValues) {
    this.#known = known;
  }

  /** The stand-in of a value. That of a number is one too. */
  of(value: string, kind: Sensitive): string {
    const key = value.toLowerCase();
    const before = this.#made.get(key);
    if (before !== undefined) return before;
    const made = kind === 'name' ? this.#fullName(value) : this.#fresh(value, kind);
    this.#made.set(key, made);
    return made;
  }

  /** Put together from those of its parts, which may stand alone elsewhere. */
  #fullName(value: string): string {
    const [given = '', family] = partsOfName(value);
    return family === undefined
      ? this.#fresh(value, 'given name')
      : `${this.of(given, 'given name')} ${this.of(family, 'family name')}`;
  }

  #fresh(value: string, kind: Sensitive): string {
    const same = GROUPED.has(kind) ? `${kind} ${value.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()}` : null;
    const before = same === null ? undefined : this.#numbers.get(same);
    let candidate = before === undefined ? '' : candidateOf(value, kind, before);
    if (before !== undefined && this.#isGood(candidate, value)) return candidate;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const number = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, number);
      candidate = tries < MOST_TRIES / 2 ? candidateOf(value, kind, number) : shaped(value, number);
      if (!this.#isGood(candidate, value)) continue;
      if (same !== null) this.#numbers.set(same, number);
      break;
    }
    return candidate;
  }

  #isGood(candidate: string, value: string): boolean {
    return candidate !== value && this.#known.find(candidate).length === 0;
  }
}

/** The given name, and all that follows it. */
export function partsOfName(name: string): readonly [given: string, family?: string] {
  const trimmed = name.trim();
  const space = trimmed.search(/\s/);
  return space < 0 ? [trimmed] : [trimmed.slice(0, space), trimmed.slice(space).trim()];
}

function candidateOf(value: string, kind: Sensitive, number: number): string {
  switch (kind) {
    case 'e-mail address':
      return `person${number}@example.com`;
    case 'phone number':
      // 555-0100 to 555-0199 are set aside for fiction.
      return `${value.startsWith('+') || !/^\d+$/.test(value) ? '+' : ''}120255501${String(number).padStart(2, '0')}`;
    case 'given name':
    case 'name':
      return fromList(GIVEN, number);
    case 'family name':
      return fromList(FAMILY, number);
    case 'company':
      return `Company ${number}`;
    case 'street':
      return `Street ${number}`;
    case 'city':
      return `Town ${number}`;
    case 'secret':
      return /^\d+$/.test(value) ? shaped(value, number) : `${KNOWN_PREFIX.exec(value)?.[0] ?? ''}redacted${number}`;
    case 'card number':
      return cardLike(value, number);
    case 'date of birth':
      return /^\d{4}-\d\d-\d\d/.test(value)
        ? new Date(Date.UTC(1970, 0, number)).toISOString().slice(0, 10) + value.slice(10).replace(/[1-9]/g, '0')
        : shaped(value, number);
    case 'IP address':
      // Set aside for documentation (RFC 5737, RFC 3849).
      return value.includes(':') ? `2001:db8::${number.toString(16)}` : `192.0.2.${number % 255}`;
    case 'account number':
    case 'id number':
    case 'part of an address':
      return shaped(value, number);
  }
}

function fromList(list: readonly string[], number: number): string {
  const round = Math.floor((number - 1) / list.length);
  return `${list[(number - 1) % list.length] ?? ''}${round === 0 ? '' : round + 1}`;
}

/** Digits are those of the number, filled up with zeros; letters become A; everything else stays. */
function shaped(value: string, number: number): string {
  if (/^-?[\d.]+e[+-]?\d+$/i.test(value)) return String(number);
  const digits = value.replace(/\D/g, '').length;
  const text = String(number)
    .padStart(digits, '0')
    .slice(-digits || undefined);
  let at = 0;
  const result = value.replace(/\d|\p{Lu}|\p{L}/gu, (character) => {
    if (/\d/.test(character)) return text[at++] ?? '0';
    return character === character.toLowerCase() ? 'a' : 'A';
  });
  if (/^-?\d+(\.\d+)?$/.test(value)) return unpadded(result);
  // Without a digit, two values would be one.
  return digits === 0 ? `${result}${number}` : result;
}

/** The same number of digits, the first of them none that JSON forbids. */
function unpadded(text: string): string {
  return /^-?0\d/.test(text) ? text.replace(/0/, '1') : text;
}

/** As many digits in the same groups, of no network's own ranges but with a right check digit. */
function cardLike(value: string, number: number): string {
  const length = value.replace(/\D/g, '').length;
  const body = `4${String(number)
    .padStart(length - 2, '0')
    .slice(-(length - 2))}`;
  const check = (10 - luhn(`${body}0`)) % 10;
  const digits = `${body}${check}`;
  let at = 0;
  return value.replace(/\d/g, () => digits[at++] ?? '0');
}
