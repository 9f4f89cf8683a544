// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config names an environment variable
/** The small language in which a config's shape is written down: a reader takes a raw value and gives a checked one. */
import { messageOf, WebhookError } from '../core/errors.js';
import { nearest, orList } from '../core/nearest.js';

/** Where in which file a value stands, and the environment its `${…}` come from. */
export interface Place {
  /** The file's name as messages show it. */
  readonly file: string;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Reader<T> = (value: unknown, place: Place) => T;

/** A reader for every key of T. */
export type Fields<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

/** Text, with `${NAME}` expanded. With `check`, a function that throws where the text will not do. */
export function text(expected = 'text', check?: (value: string) => unknown): Reader<string> {
  return (value, place) => {
    if (typeof value !== 'string') throw wrong(place, expected, value);
    const expanded = expand(value, place);
    if (expanded === '') throw wrong(place, expected, value);
    try {
      check?.(expanded);
    } catch (error) {
      throw wrong(place, expected, value, error);
    }
    return expanded;
  };
}

/** Text that may also be empty. */
export const textOrEmpty: Reader<string> = (value: unknown, place: Place): string => (value === '' ? '' : text()(value, place));

/** Text that matches a pattern. */
export function matching<T extends string>(pattern: RegExp, expected: string): Reader<T> {
  const read = text(expected);
  return (value, place) => {
    const result = read(value, place);
    if (!pattern.test(result)) throw wrong(place, expected, value);
    return result as T; // what T spells out is what the pattern checks
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  const expected = orList(words.map((word) => `'${word}'`));
  const read = text(expected);
  return (value, place) => {
    const given = read(value, place);
    const found = words.find((word) => word === given);
    if (found === undefined) throw wrong(place, expected, value);
    return found;
  };
}

/** A whole number within bounds; text counts only where it is a `${NAME}`, since a variable is always text. */
export function whole(from: number, to: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  const expected = to === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${from}` : `a whole number from ${from} to ${to}`;
  return (value, place) => {
    const number = fromVariable(value, place, (expanded) => (/^\d+$/.test(expanded) ? Number(expanded) : value));
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < from || number > to)
      throw wrong(place, expected, value);
    return number;
  };
}

/** True or false; the words count only where they come from a `${NAME}`. */
export const flag: Reader<boolean> = (value: unknown, place: Place): boolean => {
  const result = fromVariable(value, place, (expanded) => (/^(true|false)$/.test(expanded) ? expanded === 'true' : value));
  if (typeof result !== 'boolean') throw wrong(place, 'true or false', value);
  return result;
};

/** The first reader where it takes the value, else the second. */
export function either<A, B>(first: Reader<A>, takesFirst: (value: unknown) => boolean, second: Reader<B>): Reader<A | B> {
  return (value, place) => (takesFirst(value) ? first(value, place) : second(value, place));
}

/** One value, or a list of such. */
export function oneOrMore<T>(read: Reader<T>): Reader<T | readonly T[]> {
  return either(list(read), Array.isArray, read);
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, 'a list', value);
    return value.map((item, index) => read(item, within(place, String(index))));
  };
}

/** An object with keys of the user's own choice. It has no prototype, so that no key means anything else. */
export function record<T>(read: Reader<T>, key: RegExp = /./s, keyExpected = 'a name'): Reader<Readonly<Record<string, T>>> {
  return (value, place) => {
    const result: Record<string, T> = Object.create(null);
    for (const [name, item] of entriesOf(value, place)) {
      if (!key.test(name)) throw invalid(place, `the key ${JSON.stringify(name)} must be ${keyExpected}.`);
      result[name] = read(item, within(place, name));
    }
    return result;
  };
}

/** An object with these keys, each of which may be absent, and no others. */
export function object<T extends object>(fields: Fields<T>): Reader<T> {
  const readers = new Map<string, Reader<unknown>>(Object.entries(fields));
  return (value, place) => {
    const result: Record<string, unknown> = {};
    for (const [key, item] of entriesOf(value, place)) {
      const read = readers.get(key);
      if (read === undefined) throw unknownKey(place, key, [...readers.keys()]);
      if (item !== undefined) result[key] = read(item, within(place, key));
    }
    return result as T; // every key went through the reader of its type
  };
}

/** Expands `${NAME}`; `$${NAME}` is the text `${NAME}`. A variable that is not set, or is empty, is an error. */
export function expand(value: string, place: Place): string {
  return value.replace(/(\$?)\$\{([^}]*)\}/g, (found, escaped: string, name: string) => {
    if (escaped !== '') return found.slice(1);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      // What stands in the braces is not shown: with a default value it may be a secret.
      throw invalid(
        place,
        `${nameOf(place)} has a \${…} that does not name an environment variable.`,
        'Write ${NAME} with a name alone, or $${…} for the text itself.',
      );
    }
    const content = Object.hasOwn(place.env, name) ? place.env[name] : undefined;
    if (content === undefined || content === '') {
      throw new WebhookError(
        'config_env_missing',
        `${place.file}: ${nameOf(place)} needs the environment variable ${name}, which is not set.`,
        {
          hint: `Set ${name}, or write the value into the config.`,
        },
      );
    }
    return content;
  });
}

export function within(place: Place, key: string): Place {
  return { ...place, path: [...place.path, key] };
}

/** The error for a value of the wrong kind. The value itself is shown, unless `secret`. */
export function wrong(place: Place, expected: string, got: unknown, cause?: unknown, secret = false): WebhookError {
  return invalid(
    place,
    `${nameOf(place)} must be ${expected}, but is ${describe(got, secret)}.`,
    cause instanceof WebhookError ? (cause.hint ?? '') : '',
    cause,
  );
}

function invalid(place: Place, what: string, hint = '', cause?: unknown): WebhookError {
  return new WebhookError('config_invalid', `${place.file}: ${what}`, { hint: hint || `Correct it in ${place.file}.`, cause });
}

function unknownKey(place: Place, key: string, known: readonly string[]): WebhookError {
  const near = nearest(key, known, 1);
  const where = place.path.length === 0 ? '' : ` in ${nameOf(place)}`;
  return new WebhookError('config_invalid', `${place.file}: there is no key ${JSON.stringify(key)}${where}.`, {
    hint: near.length > 0 ? `Did you mean '${near[0]}'?` : `Known keys: ${known.join(', ')}.`,
  });
}

function entriesOf(value: unknown, place: Place): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object', value);
  return Object.entries(value);
}

/** `listen.port`, `listen.forwardTo[0]`, `providers.acme.events["a b"]`. */
function nameOf(place: Place): string {
  if (place.path.length === 0) return 'the config';
  return place.path
    .map((key, index) => {
      if (/^\d+$/.test(key)) return `[${key}]`;
      if (!/^[\w$-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

function fromVariable(value: unknown, place: Place, convert: (expanded: string) => unknown): unknown {
  return typeof value === 'string' && /(?<!\$)\$\{/.test(value) ? convert(expand(value, place)) : value;
}

function describe(value: unknown, secret: boolean): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      if (value === '') return 'empty text';
      return secret ? 'text' : `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
    case 'number':
      return secret ? 'a number' : `the number ${value}`;
    case 'boolean':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** A check for {@link text}: that a pattern compiles. */
export function compiles(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new WebhookError('config_invalid', messageOf(error), { hint: `${messageOf(error)}.`, cause: error });
  }
}
