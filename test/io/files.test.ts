import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInput, writeOutput } from '../../src/io/files.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'webhook-files-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const noInput = (): Readable => Readable.from([]);

describe('readInput', () => {
  it('gives every byte of a file, from a relative path too', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0xff, 0x0d, 0x0a, 0x34]);
    await writeFile(join(dir, 'body.bin'), bytes);
    expect(Buffer.from(await readInput('body.bin', { stdin: noInput(), cwd: dir }))).toEqual(bytes);
    expect(Buffer.from(await readInput(join(dir, 'body.bin'), { stdin: noInput(), cwd: '/' }))).toEqual(bytes);
  });

  it('gives every byte of standard input, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async (chunks) => {
        const read = await readInput('-', { stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))), cwd: '/' });
        expect(Buffer.from(read)).toEqual(Buffer.concat(chunks));
      }),
    );
    expect(Buffer.from(await readInput('-', { stdin: new PassThrough({ encoding: 'utf8' }).end('€'), cwd: '/' }))).toEqual(
      Buffer.from('€'),
    );
  });

  it('says what is wrong: nothing there, a folder, a file in place of a folder', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(readInput('gone.json', { stdin: noInput(), cwd: dir })).rejects.toMatchObject({
      code: 'input_unreadable',
      message: "There is no file 'gone.json'.",
      hint: 'Check the path; it is relative to the current folder.',
    });
    await expect(readInput(dir, { stdin: noInput(), cwd: '/' })).rejects.toMatchObject({
      code: 'input_unreadable',
      message: expect.stringContaining('is a folder'),
    });
    await expect(readInput(join(dir, 'file/x'), { stdin: noInput(), cwd: '/' })).rejects.toMatchObject({
      code: 'input_unreadable',
    });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says that a file may not be read', async () => {
    await writeFile(join(dir, 'shut'), 'x');
    await chmod(join(dir, 'shut'), 0);
    await expect(readInput(join(dir, 'shut'), { stdin: noInput(), cwd: '/' })).rejects.toMatchObject({
      message: expect.stringContaining('may not be read'),
    });
  });

  it('does not wait for a person to type', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    await expect(readInput('-', { stdin: terminal, cwd: '/' })).rejects.toMatchObject({
      code: 'input_unreadable',
      hint: expect.stringContaining('Pipe'),
    });
  });

  it('ends at an interrupt while it waits, and where the input breaks', async () => {
    const interrupt = new AbortController();
    const waiting = readInput('-', { stdin: new PassThrough(), cwd: '/' }, { signal: interrupt.signal });
    interrupt.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    const broken = new PassThrough();
    const reading = readInput('-', { stdin: broken, cwd: '/' });
    broken.destroy(new Error('pipe burst'));
    await expect(reading).rejects.toMatchObject({ code: 'input_unreadable', message: expect.stringContaining('pipe burst') });
  });
});

describe('writeOutput', () => {
  it('writes bytes, into folders that it makes', async () => {
    await writeOutput('a/b/body.bin', Uint8Array.of(0, 255), { cwd: dir });
    expect([...(await readFile(join(dir, 'a/b/body.bin')))]).toEqual([0, 255]);
  });

  it('leaves what is there, unless it is forced', async () => {
    const path = join(dir, 'body.json');
    await writeFile(path, 'a long old content');
    await expect(writeOutput(path, 'new')).rejects.toMatchObject({
      code: 'output_exists',
      hint: expect.stringContaining('--force'),
    });
    expect(await readFile(path, 'utf8')).toBe('a long old content');
    await writeOutput(path, 'new', { force: true });
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it.skipIf(process.platform === 'win32')('gives a new file the mode it is told, and the folder of a private one', async () => {
    await writeOutput('keys/private.json', '{}', { cwd: dir, mode: 0o600 });
    expect((await stat(join(dir, 'keys/private.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'keys'))).mode & 0o777).toBe(0o700);
  });

  it('says that a folder is no file, and that a file is no folder', async () => {
    await mkdir(join(dir, 'folder'));
    await writeFile(join(dir, 'file'), 'x');
    await expect(writeOutput('folder', 'x', { cwd: dir, force: true })).rejects.toMatchObject({
      code: 'output_unwritable',
      message: "'folder' is a folder, not a file.",
    });
    await expect(writeOutput('file/x.json', 'x', { cwd: dir })).rejects.toMatchObject({
      code: 'output_unwritable',
      message: expect.stringContaining('a part of its path is a file'),
    });
    await expect(writeOutput('file/deeper/x.json', 'x', { cwd: dir })).rejects.toMatchObject({ code: 'output_unwritable' });
    expect((await readdir(dir)).sort()).toEqual(['file', 'folder']);
  });
});
