import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultStorePath, findConfigFile, findProjectRoot, repositoryFile, userDataFolder } from '../../src/io/project.js';

let dir: string;

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'webhook-project-')));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function put(path: string, content = ''): Promise<void> {
  await mkdir(join(dir, path, '..'), { recursive: true });
  await writeFile(join(dir, path), content);
}

describe('findProjectRoot', () => {
  it.each(['package.json', 'webhook.config.mjs', '.webhookrc'])('stops at the nearest folder with a %s', async (name) => {
    await put('package.json', '{}');
    await put(`inner/${name}`, '{}');
    await mkdir(join(dir, 'inner/src/deep'), { recursive: true });
    expect(findProjectRoot(join(dir, 'inner/src/deep'))).toBe(join(dir, 'inner'));
    expect(findProjectRoot(dir)).toBe(dir);
  });

  it('takes a .git that is a folder, and one that is a file (a worktree)', async () => {
    await mkdir(join(dir, 'a/.git'), { recursive: true });
    await put('b/.git', 'gitdir: elsewhere');
    await mkdir(join(dir, 'a/src'));
    expect(findProjectRoot(join(dir, 'a/src'))).toBe(join(dir, 'a'));
    expect(findProjectRoot(join(dir, 'b'))).toBe(join(dir, 'b'));
  });

  it('does not take a folder for a file, and starts above a folder that is gone', async () => {
    await put('package.json', '{}');
    await mkdir(join(dir, 'sub/webhook.config.json'), { recursive: true });
    expect(findProjectRoot(join(dir, 'sub'))).toBe(dir);
    expect(findProjectRoot(join(dir, 'gone/away'))).toBe(dir);
  });
});

describe('repositoryFile', () => {
  const fileOf = (cwd: string, config: string | null = null, env = {}): string =>
    repositoryFile({ cwd: join(dir, cwd), env }, config);

  it('is the config, else package.json, else README.md, relative to the repository', async () => {
    await mkdir(join(dir, '.git'));
    await mkdir(join(dir, 'bare'));
    expect(fileOf('bare')).toBe('README.md');
    await put('apps/shop/package.json', '{}');
    await mkdir(join(dir, 'apps/shop/src'));
    expect(fileOf('apps/shop/src')).toBe('apps/shop/package.json');
    expect(fileOf('apps/shop', join(dir, 'ci/hooks.json'))).toBe('apps/shop/package.json');
    await put('ci/hooks.json', '{}');
    expect(fileOf('apps/shop', join(dir, 'ci/hooks.json'))).toBe('ci/hooks.json');
  });

  it('goes by the workspace where GitHub names one, and never leads out of it', async () => {
    await put('a/package.json', '{}');
    expect(fileOf('a')).toBe('package.json');
    expect(fileOf('a', null, { GITHUB_WORKSPACE: dir })).toBe('a/package.json');
    expect(fileOf('a', null, { GITHUB_WORKSPACE: join(dir, 'b') })).toBe('package.json');
  });
});

describe('findConfigFile', () => {
  it('counts a package.json only where it has a "webhook" key', async () => {
    await put('keyword/package.json', '{"keywords": ["webhook"]}');
    await put('key/package.json', '{"webhook": {}}');
    await put('key/webhook.config.json', '{}');
    expect(findConfigFile(join(dir, 'keyword'))).toBeNull();
    expect(findConfigFile(join(dir, 'key'))).toBe(join(dir, 'key/package.json'));
  });

  it('counts a broken package.json that mentions it, so that reading it explains the fault', async () => {
    await put('package.json', '{"webhook": {');
    expect(findConfigFile(dir)).toBe(join(dir, 'package.json'));
  });
});

describe('defaultStorePath', () => {
  it('is in the project root, from any folder below it', async () => {
    await put('package.json', '{}');
    await mkdir(join(dir, 'src'));
    expect(defaultStorePath({ cwd: join(dir, 'src'), env: {} })).toBe(join(dir, '.webhook', 'deliveries.db'));
  });

  it('is in the data directory of the user outside of any project', () => {
    const cwd = parse(dir).root;
    expect(defaultStorePath({ cwd, env: { XDG_DATA_HOME: '/data' } }, 'linux')).toBe(join('/data', 'webhook', 'deliveries.db'));
  });
});

describe('userDataFolder', () => {
  it('follows each platform', () => {
    expect(userDataFolder({ HOME: '/home/zoe' }, 'linux')).toBe('/home/zoe/.local/share');
    expect(userDataFolder({ HOME: '/home/zoe', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data');
    expect(userDataFolder({ HOME: '/home/zoe', XDG_DATA_HOME: 'not/absolute' }, 'linux')).toBe('/home/zoe/.local/share');
    expect(userDataFolder({ HOME: '/Users/zoe' }, 'darwin')).toBe('/Users/zoe/Library/Application Support');
    expect(userDataFolder({ LOCALAPPDATA: 'C:\\Users\\zoe\\AppData\\Local' }, 'win32')).toBe('C:\\Users\\zoe\\AppData\\Local');
    expect(userDataFolder({ USERPROFILE: 'C:\\Users\\zoe' }, 'win32')).toBe('C:\\Users\\zoe\\AppData\\Local');
  });
});
