/** What parsing a body and writing it again does to it. */
import { JsonReader, latin1Of } from '../../events/json-tokens.js';
import { RAW_BODY } from './raw-body.js';
import type { Subject, Trial } from './trial.js';

/** Numbers of one body that are tried, each in a few spellings. */
const MOST_NUMBERS = 200;
/** Larger bodies are not parsed and written in a dozen ways. */
const MOST_BYTES = 2_000_000;

export function* jsonFaults({ input }: Subject): Generator<Trial> {
  if (input.body.length > MOST_BYTES) return;
  const latin1 = latin1Of(input.body);
  const tokens = readTokens(latin1);
  if (tokens === null) return;
  const text = (code: Trial['code'], changed: string, message: string, hint = RAW_BODY): Trial => ({
    code,
    message,
    hint,
    input: { body: Buffer.from(changed, 'latin1') },
  });
  const parsedAgain = 'the JSON was parsed and written again on its way';
  for (const { name, ...layout } of LAYOUTS) {
    yield text('json_reserialized', respell(latin1, tokens, layout), `What was signed is this JSON ${name}: ${parsedAgain}.`);
  }
  yield* escapes(latin1, tokens, text);
  yield* rewritten(latin1, text);
  yield* numbers(latin1, tokens, text);
}

type Make = (code: Trial['code'], changed: string, message: string, hint?: string) => Trial;

interface Token {
  readonly kind: JsonReader['kind'];
  readonly start: number;
  readonly end: number;
}

function readTokens(latin1: string): Token[] | null {
  const tokens: Token[] = [];
  try {
    const reader = new JsonReader(latin1);
    while (reader.next()) tokens.push({ kind: reader.kind, start: reader.start, end: reader.end });
  } catch {
    return null;
  }
  return tokens;
}

interface Layout {
  readonly indent: string | null;
  readonly comma: string;
  readonly colon: string;
}

const LAYOUTS: ReadonlyArray<Layout & { readonly name: string }> = [
  { name: 'without white space', indent: null, comma: ',', colon: ':' },
  { name: 'indented by 2', indent: '  ', comma: ',', colon: ': ' },
  { name: 'indented by 4', indent: '    ', comma: ',', colon: ': ' },
  { name: 'indented by tabs', indent: '\t', comma: ',', colon: ': ' },
  { name: 'with a space after , and : (as Python writes it)', indent: null, comma: ', ', colon: ': ' },
];

/** The same tokens, every value spelled as it is, with other white space between them. */
function respell(latin1: string, tokens: readonly Token[], { indent, comma, colon }: Layout): string {
  let out = '';
  let depth = 0;
  const line = (): string => (indent === null ? '' : `\n${indent.repeat(depth)}`);
  tokens.forEach((token, i) => {
    const spelled = latin1.slice(token.start, token.end);
    const empty = tokens[i - 1]?.kind === '{' || tokens[i - 1]?.kind === '[';
    if (token.kind === '}' || token.kind === ']') {
      depth--;
      out += empty ? spelled : line() + spelled;
    } else if (token.kind === ',') out += comma.trimEnd() + (indent === null ? comma.slice(1) : line());
    else if (token.kind === ':') out += colon;
    else {
      if (empty) out += line();
      out += spelled;
      if (token.kind === '{' || token.kind === '[') depth++;
    }
  });
  return out;
}

/** Each string token with its content changed. */
function inStrings(latin1: string, tokens: readonly Token[], change: (spelled: string) => string): string {
  let out = '';
  let at = 0;
  for (const { kind, start, end } of tokens) {
    if (kind !== 'string' && kind !== 'key') continue;
    out += latin1.slice(at, start) + change(latin1.slice(start, end));
    at = end;
  }
  return out + latin1.slice(at);
}

function* escapes(latin1: string, tokens: readonly Token[], text: Make): Generator<Trial> {
  const utf8 = (spelled: string): string => Buffer.from(spelled, 'latin1').toString('utf8');
  const bytes = (spelled: string): string => Buffer.from(spelled, 'utf8').toString('latin1');
  const escaped = (upper: boolean) => (spelled: string) =>
    utf8(spelled).replace(/[^\0-\x7f]/g, (unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${upper ? hex.toUpperCase() : hex}`;
    });
  const lost = 'A parser on the way replaced them.';
  for (const upper of [false, true]) {
    yield text(
      'unicode_escapes',
      inStrings(latin1, tokens, escaped(upper)),
      `The sender writes characters outside ASCII as \\uXXXX escapes. ${lost}`,
    );
  }
  const unescaped = (spelled: string): string =>
    bytes(
      utf8(spelled).replace(/\\u([0-9a-fA-F]{4})|\\./gs, (whole, hex: string | undefined) => {
        const unit = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
        return unit >= 0x80 ? String.fromCharCode(unit) : whole;
      }),
    );
  yield text(
    'unicode_escapes',
    inStrings(latin1, tokens, unescaped),
    'The sender writes characters as they are; here they are \\uXXXX escapes, written by a serialiser on the way.',
  );
  const html = (spelled: string): string =>
    spelled.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  yield text(
    'unicode_escapes',
    inStrings(latin1, tokens, html),
    `The sender escapes <, > and & as \\u003c, \\u003e and \\u0026. ${lost}`,
  );
  const plain = (spelled: string): string =>
    spelled.replace(/\\u00(3c|3e|26)|\\./gis, (whole, hex: string | undefined) =>
      hex === undefined ? whole : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  yield text(
    'unicode_escapes',
    inStrings(latin1, tokens, plain),
    'The sender does not escape <, > and &; here they are escaped, by a serialiser on the way.',
  );

  const slashes = (spelled: string): string => spelled.replace(/\\.|\//gs, (part) => (part === '/' ? '\\/' : part));
  yield text(
    'slash_escapes',
    inStrings(latin1, tokens, slashes),
    'The sender writes / as \\/ (as PHP does). A parser on the way removed it.',
  );
  yield text(
    'slash_escapes',
    inStrings(latin1, tokens, (spelled) => slashes(escaped(false)(spelled))),
    'The sender writes / as \\/ and characters outside ASCII as \\uXXXX (PHP’s json_encode). A parser on the way removed both.',
  );
  const bare = (spelled: string): string => spelled.replace(/\\./gs, (part) => (part === '\\/' ? '/' : part));
  yield text(
    'slash_escapes',
    inStrings(latin1, tokens, bare),
    'The sender writes / as it is; here it is \\/, written by a serialiser on the way.',
  );
}

/** What JSON.stringify(JSON.parse(body)) and its kin make of it. */
function* rewritten(latin1: string, text: Make): Generator<Trial> {
  let value: unknown;
  try {
    value = JSON.parse(
      Buffer.from(latin1, 'latin1')
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch {
    return;
  }
  const write = (json: string): string => Buffer.from(json, 'utf8').toString('latin1');
  const sorted = sortedKeys(value);
  if (sorted === undefined) return;
  const how = 'The sender signed this JSON parsed and written again';
  yield text('json_reserialized', write(JSON.stringify(value)), `${how} (JSON.stringify), not the bytes it sent.`);
  yield text('json_reserialized', write(JSON.stringify(value, null, 2)), `${how}, indented by 2.`);
  yield text('json_reserialized', write(JSON.stringify(sorted)), `${how}, with its keys sorted.`);
}

/** Undefined where it is nested too deeply to be worth it. */
function sortedKeys(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 200) return undefined;
  if (Array.isArray(value)) return value.map((item) => sortedKeys(item, depth + 1));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item, depth + 1)]));
}

const MONEY = /total|price|amount|tax|cost|fee|sum|discount|balance|paid|due|rate|vat|net|gross/i;

/** One number at a time in the spellings a serialiser loses; then all amounts of money at once. */
function* numbers(latin1: string, tokens: readonly Token[], text: Make): Generator<Trial> {
  const found = numberPlaces(latin1, tokens);
  for (const { start, end, path } of found) {
    const spelled = latin1.slice(start, end);
    for (const other of otherSpellings(spelled)) {
      yield text(
        'number_rewritten',
        latin1.slice(0, start) + other + latin1.slice(end),
        `A number was rewritten: ${path} is ${spelled} here and was signed as ${other}.`,
        `A JSON parser keeps the value and loses the spelling. ${RAW_BODY}`,
      );
    }
  }
  const amounts = found.filter(
    ({ path, start, end }) => /\.\d$/.test(latin1.slice(start, end)) || MONEY.test(path.replace(/^.*\./, '')),
  );
  let all = '';
  let at = 0;
  for (const { start, end } of amounts) {
    all += latin1.slice(at, start) + twoDecimals(latin1.slice(start, end));
    at = end;
  }
  if (amounts.length > 1) {
    const names = amounts.slice(0, 3).map(({ path }) => path);
    yield text(
      'number_rewritten',
      all + latin1.slice(at),
      `Numbers were rewritten: ${names.join(', ')}${amounts.length > 3 ? ' and others' : ''} were signed with two decimals (499.00).`,
      `A JSON parser keeps the value and loses the spelling. ${RAW_BODY}`,
    );
  }
}

function twoDecimals(spelled: string): string {
  if (/^-?\d+$/.test(spelled)) return `${spelled}.00`;
  return /^-?\d+\.\d$/.test(spelled) ? `${spelled}0` : spelled;
}

function otherSpellings(spelled: string): string[] {
  if (/^-?\d+$/.test(spelled)) return [`${spelled}.00`, `${spelled}.0`];
  if (!/^-?\d+\.\d+$/.test(spelled)) return [];
  const shorter: string[] = [];
  for (let text = spelled; /\.\d*0$/.test(text); ) {
    text = text.slice(0, -1).replace(/\.$/, '');
    shorter.push(text);
  }
  return /\.\d$/.test(spelled) ? [`${spelled}0`, ...shorter] : shorter;
}

/** Where the numbers stand, with their paths; the first of them, where there are very many. */
function numberPlaces(latin1: string, tokens: readonly Token[]): Array<{ start: number; end: number; path: string }> {
  const places: Array<{ start: number; end: number; path: string }> = [];
  const path: Array<string | number> = [];
  const containers: string[] = [];
  for (const { kind, start, end } of tokens) {
    const inArray = containers.at(-1) === '[';
    if (kind === '{' || kind === '[') {
      containers.push(kind);
      path.push(kind === '[' ? 0 : '');
    } else if (kind === '}' || kind === ']') {
      containers.pop();
      path.pop();
    } else if (kind === 'key') path[path.length - 1] = latin1.slice(start + 1, end - 1);
    else if (kind === ',' && inArray) path[path.length - 1] = Number(path.at(-1)) + 1;
    else if (kind === 'number') {
      places.push({
        start,
        end,
        path: path
          .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
          .join('')
          .replace(/^\./, ''),
      });
      if (places.length === MOST_NUMBERS) break;
    }
  }
  return places;
}
