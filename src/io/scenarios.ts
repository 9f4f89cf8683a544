/** Finds and reads scenarios: files of the user's, and named ones beside the fixtures of a provider. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { codeOf, messageOf, WebhookError } from '../core/errors.js';
import { parsePath } from '../core/events/json-path.js';
import { nearest, orList } from '../core/nearest.js';
import type { Scenario, ScenarioStep, ScenarioValue } from '../core/scenario/model.js';
import { parseDuration } from '../core/units.js';
import { builtinFixturesDir } from './fixtures.js';

const ENDINGS = ['.yaml', '.yml', '.json'];
const MOST_REPEATS = 100_000;

export interface ScenarioFolders {
  /** Whose named scenarios; null: those of every provider. */
  readonly provider: string | null;
  /** The project's own fixtures, which win; null: none. */
  readonly projectDir: string | null;
  readonly cwd: string;
}

/**
 * A scenario by its name, or by the path of its file.
 *
 * @throws WebhookError `usage` where there is none of that name, `input_unreadable`, or `input_malformed` with line and key.
 */
export async function readScenario(nameOrFile: string, folders: ScenarioFolders): Promise<Scenario> {
  if (/[\\/]/.test(nameOrFile) || ENDINGS.includes(extname(nameOrFile))) {
    const path = resolve(folders.cwd, nameOrFile);
    try {
      return parseScenario(await readFile(path, 'utf8'), basename(path));
    } catch (error) {
      if (error instanceof WebhookError) throw error;
      const missing = codeOf(error) === 'ENOENT';
      throw new WebhookError(
        'input_unreadable',
        `The scenario '${nameOrFile}' ${missing ? 'does not exist' : `cannot be read: ${messageOf(error)}`}.`,
        {
          hint: 'Check the path; it is relative to the current folder.',
          cause: error,
        },
      );
    }
  }
  const named = await namedScenarios(folders);
  const found = named.get(nameOrFile);
  if (found !== undefined) return parseScenario(await readFile(found, 'utf8'), basename(found));
  const near = nearest(nameOrFile, named.keys());
  throw new WebhookError(
    'usage',
    `There is no scenario '${nameOrFile}'${folders.provider === null ? '' : ` for ${folders.provider}`}.`,
    {
      hint:
        near.length > 0
          ? `Did you mean ${orList(near)}?`
          : named.size > 0
            ? `There are ${[...named.keys()].join(', ')}; or name a file.`
            : 'Name a file: --scenario ./scenario.yaml',
    },
  );
}

/** The named scenarios there are: name -> file. */
export async function namedScenarios({
  provider,
  projectDir,
}: Pick<ScenarioFolders, 'provider' | 'projectDir'>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const dir of [...(projectDir === null ? [] : [projectDir]), builtinFixturesDir()]) {
    const providers = provider === null ? await entries(dir) : [provider];
    for (const name of providers) {
      const folder = join(dir, name, 'scenarios');
      for (const file of (await entries(folder)).filter((one) => ENDINGS.includes(extname(one)))) {
        const key = basename(file, extname(file));
        if (!found.has(key)) found.set(key, join(folder, file));
      }
    }
  }
  return found;
}

async function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/**
 * Reads YAML or JSON.
 *
 * @param file The file's name, for messages.
 * @throws WebhookError `input_malformed`; the message names file, line and key.
 */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const fault = document.errors[0];
  if (fault !== undefined) {
    const [what = ''] = fault.message.split(/ at line \d+/);
    throw malformed(file, lines.linePos(fault.pos[0]).line, `${what.replace(/[.:]$/, '')}.`);
  }
  return new Reading(file, lines, document).scenario(document.contents);
}

function malformed(file: string, line: number, what: string, hint = `Correct it in ${file}.`): WebhookError {
  return new WebhookError('input_malformed', `${file}, line ${line}: ${what}`, { hint });
}

const TOP_KEYS = ['name', 'description', 'provider', 'values', 'steps'];
const STEP_KEYS = ['event', 'set', 'keep', 'delay', 'repeat', 'corrupt', 'expect'];
const CORRUPTIONS = ['signature', 'body', 'timestamp', 'missing'] as const;

/** One file being read; every complaint names the line. */
class Reading {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #document: Document;

  constructor(file: string, lines: LineCounter, document: Document) {
    this.#file = file;
    this.#lines = lines;
    this.#document = document;
  }

  scenario(root: unknown): Scenario {
    const fields = this.#fields(root, TOP_KEYS, 'a scenario');
    const steps = fields.get('steps');
    if (steps === undefined || !isSeq(steps) || steps.items.length === 0) {
      throw this.#wrong(steps ?? root, "it needs 'steps': a list with at least one step.");
    }
    return {
      name: fields.has('name') ? this.#text(fields.get('name'), 'name') : basename(this.#file, extname(this.#file)),
      description: fields.has('description') ? this.#text(fields.get('description'), 'description') : null,
      provider: fields.has('provider') ? this.#text(fields.get('provider'), 'provider') : null,
      values: Object.fromEntries(
        this.#pairs(fields.get('values'), 'values').map(([name, node]) => [name, this.#text(node, name)]),
      ),
      steps: steps.items.map((step) => this.#step(step)),
    };
  }

  #step(node: unknown): ScenarioStep {
    if (isScalar(node) && typeof node.value === 'string') return { ...NO_CHANGE, event: node.value, line: this.#line(node) };
    const fields = this.#fields(node, STEP_KEYS, 'a step');
    if (!fields.has('event')) throw this.#wrong(node, "the step has no 'event'.");
    const corrupt = fields.get('corrupt');
    return {
      event: this.#text(fields.get('event'), 'event'),
      set: this.#pairs(fields.get('set'), 'set').map(([path, value]) => [this.#path(path, value), this.#value(value)]),
      keep: this.#pairs(fields.get('keep'), 'keep').map(([name, path]) => [
        this.#name(name, path),
        this.#path(this.#text(path, name), path),
      ]),
      delayMs: fields.has('delay') ? this.#checked(fields.get('delay'), 'delay', (text) => parseDuration(text)) : 0,
      repeat: fields.has('repeat') ? this.#whole(fields.get('repeat'), 'repeat') : 1,
      corrupt: corrupt === undefined ? null : this.#oneOf(corrupt, 'corrupt', CORRUPTIONS),
      expect: fields.has('expect') ? this.#statuses(fields.get('expect')) : null,
      line: this.#line(node),
    };
  }

  /** The members of a map, each of a known name. */
  #fields(node: unknown, known: readonly string[], what: string): Map<string, unknown> {
    const fields = new Map<string, unknown>();
    for (const [key, value, at] of this.#members(node, what)) {
      if (!known.includes(key)) {
        const near = nearest(key, known, 1);
        throw malformed(
          this.#file,
          this.#line(at),
          `there is no key '${key}' in ${what}.`,
          near.length > 0 ? `Did you mean '${near[0]}'?` : `Known keys: ${known.join(', ')}.`,
        );
      }
      fields.set(key, value);
    }
    return fields;
  }

  #pairs(node: unknown, what: string): Array<[string, unknown]> {
    return node === undefined ? [] : this.#members(node, `'${what}'`).map(([key, value]) => [key, value]);
  }

  #members(node: unknown, what: string): Array<[key: string, value: unknown, at: unknown]> {
    if (!isMap(node)) throw this.#wrong(node, `${what} has to be a map of keys and values.`);
    return node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), value, key]);
  }

  #value(node: unknown): ScenarioValue {
    if (isScalar(node)) {
      if (typeof node.value === 'string') return { text: node.value };
      // A number keeps its spelling where it is one that JSON has too.
      if (typeof node.value === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(node.source ?? '')) {
        return { json: node.source ?? String(node.value) };
      }
    }
    const value: unknown = isNode(node) ? node.toJS(this.#document) : null;
    try {
      return { json: JSON.stringify(value) ?? 'null' };
    } catch {
      throw this.#wrong(node, 'the value cannot be written as JSON.');
    }
  }

  #text(node: unknown, key: string): string {
    if (isScalar(node) && ['string', 'number'].includes(typeof node.value) && String(node.value) !== '')
      return node.source ?? String(node.value);
    throw this.#wrong(node, `'${key}' has to be text.`);
  }

  #name(name: string, node: unknown): string {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
    throw this.#wrong(node, `'${name}' is no name for a value: letters, digits and underscores.`);
  }

  #path(path: string, node: unknown): string {
    try {
      parsePath(path);
      return path;
    } catch (error) {
      throw this.#wrong(node, messageOf(error));
    }
  }

  #whole(node: unknown, key: string): number {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_REPEATS) return value;
    throw this.#wrong(node, `'${key}' has to be a whole number from 1 to ${MOST_REPEATS}.`);
  }

  #statuses(node: unknown): string {
    const text = this.#text(node, 'expect');
    if (text.split(',').every((part) => /^[1-5](\d\d|xx)$/i.test(part.trim()))) return text;
    throw this.#wrong(node, `'expect' has to be statuses such as 200, 2xx or 200,202, not '${text}'.`);
  }

  #oneOf<const T extends string>(node: unknown, key: string, words: readonly T[]): T {
    const text = this.#text(node, key);
    const found = words.find((word) => word === text);
    if (found === undefined) throw this.#wrong(node, `'${key}' has to be ${orList(words)}, not '${text}'.`);
    return found;
  }

  #checked<T>(node: unknown, key: string, read: (text: string) => T): T {
    try {
      return read(this.#text(node, key));
    } catch (error) {
      throw error instanceof WebhookError && error.code === 'input_malformed'
        ? error
        : this.#wrong(node, `'${key}': ${messageOf(error)}`);
    }
  }

  #wrong(node: unknown, what: string): WebhookError {
    return malformed(this.#file, this.#line(node), what);
  }

  #line(node: unknown): number {
    const offset =
      typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
    return this.#lines.linePos(offset).line;
  }
}

const NO_CHANGE: Omit<ScenarioStep, 'event' | 'line'> = { set: [], keep: [], delayMs: 0, repeat: 1, corrupt: null, expect: null };
