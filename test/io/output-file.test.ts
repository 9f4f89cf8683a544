import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOutput, writeInto } from '../../src/io/output-file.js';
import { temporaryDirectory } from './store/samples.js';

const options = (cwd: string, force = false) => ({ cwd, force });

describe('openOutput', () => {
  it('puts the file in its place at the end, and nothing before', async () => {
    const cwd = temporaryDirectory();
    const file = await openOutput('a/b.json', options(cwd));
    await file.write('x'.repeat(300_000));
    await file.write(Uint8Array.of(0xff));
    expect(readdirSync(join(cwd, 'a'))).toEqual([expect.stringMatching(/^\.webhook-[0-9a-f]+\.tmp$/)]);
    await file.finish();
    expect(readdirSync(join(cwd, 'a'))).toEqual(['b.json']);
    expect(readFileSync(join(cwd, 'a/b.json')).length).toBe(300_001);
    await file.abandon();
    expect(readdirSync(join(cwd, 'a'))).toEqual(['b.json']);
  });

  it('leaves no trace of what was given up', async () => {
    const cwd = temporaryDirectory();
    const file = await openOutput('b.json', options(cwd));
    await file.write('x'.repeat(300_000));
    await file.abandon();
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('replaces a file only where that is asked for', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'b.json'), 'before');
    await expect(openOutput('b.json', options(cwd))).rejects.toMatchObject({ code: 'output_exists' });
    const file = await openOutput('b.json', options(cwd, true));
    await file.write('after');
    expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('before');
    await file.finish();
    expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('after');
  });

  it('does not replace one that came meanwhile', async () => {
    const cwd = temporaryDirectory();
    const file = await openOutput('b.json', options(cwd));
    writeFileSync(join(cwd, 'b.json'), 'of another');
    await expect(file.finish()).rejects.toMatchObject({ code: 'output_exists' });
    expect(readdirSync(cwd)).toEqual(['b.json']);
    expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('of another');
  });

  it.skipIf(process.platform === 'win32')('writes into what is no file, and leaves it what it is', async () => {
    const cwd = temporaryDirectory();
    symlinkSync('/dev/null', join(cwd, 'nothing'));
    const file = await openOutput('nothing', options(cwd, true));
    await file.write('x');
    await file.finish();
    expect(readdirSync(cwd)).toEqual(['nothing']);
  });

  it('says why it cannot', async () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'file'), '');
    await expect(openOutput('folder', options(cwd, true))).rejects.toMatchObject({
      message: expect.stringContaining('is a folder'),
    });
    await expect(openOutput('file/x', options(cwd))).rejects.toMatchObject({ code: 'output_unwritable' });
    if (process.getuid?.() === 0) return;
    chmodSync(join(cwd, 'folder'), 0o500);
    await expect(openOutput('folder/x', options(cwd))).rejects.toMatchObject({ code: 'output_unwritable' });
  });
});

describe('writeInto', () => {
  it('leaves alone what is there already with the same bytes', async () => {
    const cwd = temporaryDirectory();
    expect(await writeInto('out', 'a.json', Buffer.from('1'), options(cwd))).toBe(true);
    expect(await writeInto('out', 'a.json', Buffer.from('1'), options(cwd))).toBe(false);
    await expect(writeInto('out', 'a.json', Buffer.from('2'), options(cwd))).rejects.toMatchObject({ code: 'output_exists' });
    expect(await writeInto('out', 'a.json', Buffer.from('2'), options(cwd, true))).toBe(true);
    expect(readFileSync(join(cwd, 'out/a.json'), 'utf8')).toBe('2');
  });

  it.each(['../a.json', 'b/a.json', '..', ''])('writes nothing outside of the folder: %j', async (name) => {
    const cwd = temporaryDirectory();
    await expect(writeInto('out', name, Buffer.from('1'), options(cwd, true))).rejects.toMatchObject({
      code: 'output_unwritable',
    });
    expect(readdirSync(cwd)).toEqual([]);
  });
});
