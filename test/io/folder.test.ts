import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../src/io/folder.js';

describe('makeFolder', () => {
  it('makes those it stands in, leaves alone what is there, and refuses where a file is in the way', () => {
    const dir = mkdtempSync(join(tmpdir(), 'webhook-folder-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    makeFolder(join(dir, 'a/b/c'));
    makeFolder(join(dir, 'a/b/c'));
    expect(statSync(join(dir, 'a/b/c')).isDirectory()).toBe(true);
    writeFileSync(join(dir, 'file'), '');
    const code = (code: string): unknown => expect.objectContaining({ code });
    expect(() => makeFolder(join(dir, 'file'))).toThrow(code('ENOTDIR'));
    expect(() => makeFolder(join(dir, 'file/x/y'))).toThrow(code('ENOTDIR'));
  });

  it.skipIf(process.platform !== 'linux')('ends where a system answers as if a parent were missing', () => {
    expect(() => makeFolder('/proc/nowhere/x/y')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
