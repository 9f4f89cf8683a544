/** Finds sample payloads: the project's own first, then the ones that come with the package. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, messageOf, WebhookError } from '../core/errors.js';
import { readSample, type Sample, type SampleForm, sampleForms } from '../core/events/sample.js';
import { nearest, orList } from '../core/nearest.js';
import { foldersUp } from './project.js';

export interface FixtureFolders {
  /** The project's own (config `fixtures`), which win; null: none. */
  readonly projectDir?: string | null;
  /** The ones that come along; only tests name another folder. */
  readonly builtinDir?: string;
}

export interface Fixture {
  /** The file's bytes. */
  readonly bytes: Uint8Array;
  /** What they hold. */
  readonly sample: Sample;
  readonly path: string;
  /** False for one of the project's own. */
  readonly builtin: boolean;
}

export interface FixtureFile {
  /** The event as the file is named after it: see {@link fixtureFileName}. */
  readonly name: string;
  readonly path: string;
  readonly builtin: boolean;
  /** One of the project's own that stands for a built-in one. */
  readonly replaces: boolean;
}

/**
 * The name of an event's file.
 *
 * @example fixtureFileName('Push Hook') // 'Push-Hook.json'
 */
export function fixtureFileName(event: string, form: SampleForm = 'json'): string {
  return `${event.replace(/[^A-Za-z0-9._-]/g, '-')}.${form}`;
}

/** Where the project keeps the fixture of an event, whether or not it is there. */
export function projectFixturePath(projectDir: string, provider: string, event: string, form: SampleForm = 'json'): string {
  return join(projectDir, folderName(provider), fixtureFileName(event, form));
}

/**
 * The sample payload of an event.
 *
 * @throws WebhookError `event_unknown` where there is none (with the nearest names), `fixture_invalid` where the file
 *   cannot be read or does not hold what its ending says.
 * @example const { sample } = await readFixture('connect2print', 'order.created', { projectDir: config.fixtures });
 */
export async function readFixture(provider: string, event: string, folders: FixtureFolders = {}): Promise<Fixture> {
  for (const { dir, builtin } of foldersOf(folders)) {
    for (const form of sampleForms) {
      const path = projectFixturePath(dir, provider, event, form);
      const bytes = await readIfThere(path);
      if (bytes !== null) return { bytes, sample: sampleAt(path, bytes, form), path, builtin };
    }
  }
  throw await unknown(provider, event, folders);
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw new WebhookError('fixture_invalid', `The fixture ${path} cannot be read: ${messageOf(error)}.`, {
      hint: 'Check that it is a file, and its permissions.',
      cause: error,
    });
  }
}

function sampleAt(path: string, bytes: Uint8Array, form: SampleForm): Sample {
  try {
    return readSample(bytes, form);
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    throw new WebhookError('fixture_invalid', `The fixture ${path} ${error.message}.`, {
      ...(error.hint === null ? {} : { hint: error.hint }),
      cause: error.cause,
    });
  }
}

/** The fixtures there are for a provider, sorted by name; a project's own stands for the built-in one of the same name. */
export async function listFixtures(provider: string, folders: FixtureFolders = {}): Promise<FixtureFile[]> {
  const found = new Map<string, FixtureFile>();
  for (const { dir, builtin } of foldersOf(folders)) {
    const folder = join(dir, folderName(provider));
    for (const file of await filesIn(folder)) {
      const name = file.slice(0, file.lastIndexOf('.'));
      const own = found.get(name);
      if (own === undefined) found.set(name, { name, path: join(folder, file), builtin, replaces: false });
      else if (builtin) found.set(name, { ...own, replaces: true });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The project's own files for an event, of whatever form: none, one, or several of which the first counts. */
export function ownFixtures(projectDir: string, provider: string, event: string): string[] {
  return sampleForms.map((form) => projectFixturePath(projectDir, provider, event, form)).filter((path) => existsSync(path));
}

/** Every file in the project's folder that can be a fixture, by provider's folder and by name. */
export async function projectFixtureFiles(projectDir: string): Promise<string[]> {
  if (!existsSync(projectDir)) return [];
  const folders = readdirSync(projectDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(projectDir, name));
  const files = await Promise.all(folders.map(async (folder) => (await filesIn(folder)).map((file) => join(folder, file))));
  return files.flat().sort();
}

let packageFixtures: string | undefined;

/** The package's own fixtures, from a source file as from a built one: beside the package.json above it. */
export function builtinFixturesDir(): string {
  packageFixtures ??= join(packageRoot(dirname(fileURLToPath(import.meta.url))), 'fixtures');
  return packageFixtures;
}

function packageRoot(start: string): string {
  for (const folder of foldersUp(start)) {
    try {
      const content: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (typeof content === 'object' && content !== null && 'name' in content && content.name === 'webhook-cli') return folder;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    }
  }
  throw new WebhookError('fixture_invalid', `The fixtures that come with webhook-cli are not where it runs from (${start}).`, {
    hint: 'Install it anew: npm install webhook-cli',
  });
}

function foldersOf(folders: FixtureFolders): Array<{ dir: string; builtin: boolean }> {
  const own = folders.projectDir ?? null;
  return [
    ...(own === null ? [] : [{ dir: own, builtin: false }]),
    { dir: folders.builtinDir ?? builtinFixturesDir(), builtin: true },
  ];
}

/** No provider's name leads out of the folder. */
function folderName(provider: string): string {
  return provider.replace(/[^A-Za-z0-9_-]/g, '-');
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return readdirSync(folder).filter((file) => sampleForms.some((form) => file.endsWith(`.${form}`)));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw new WebhookError('fixture_invalid', `The fixtures in ${folder} cannot be listed: ${messageOf(error)}.`, {
      hint: 'Check its permissions.',
      cause: error,
    });
  }
}

async function unknown(provider: string, event: string, folders: FixtureFolders): Promise<WebhookError> {
  const names = (await listFixtures(provider, folders)).map((fixture) => fixture.name);
  const near = nearest(event, names);
  const own = projectFixturePath(folders.projectDir ?? 'webhook-fixtures', provider, event);
  const ownHint = `Put a payload of your own at ${own}${folders.projectDir ? '' : ' (and name the folder in the config: fixtures)'}, or send one with --data @file.`;
  return new WebhookError('event_unknown', `There is no sample payload of '${event}' for ${provider}.`, {
    hint: near.length > 0 ? `Did you mean ${orList(near)}? See all with: webhook events ${provider}` : ownHint,
  });
}
