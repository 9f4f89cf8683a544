import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { editBytes } from '../../src/io/editor.js';
import { bareEnvironment, temporaryFolder } from '../support/folder.js';

/** Edits as a program does that is given what to replace, and that ends its files in a newline, as most editors do. */
const EDITOR = `import fs from 'node:fs';
const [, , from, to, file] = process.argv;
const text = fs.readFileSync(file, 'latin1').replace(from, to);
fs.writeFileSync(file, text.endsWith('\\n') ? text : text + '\\n', 'latin1');`;

async function edited(bytes: Uint8Array, from: string, to: string, folder = 'a folder'): Promise<Uint8Array> {
  const cwd = temporaryFolder({ [`${folder}/my editor.mjs`]: EDITOR });
  const editor = `"${process.execPath}" '${folder}/my editor.mjs' ${from} ${to}`;
  return editBytes({ cwd, env: bareEnvironment(cwd, { EDITOR: editor }), stdout: new PassThrough() }, bytes, 'body.json');
}

// The editor's command line is read by sh.
describe.skipIf(process.platform === 'win32')('what comes out of an editor', () => {
  it('differs in what was edited, and in no other byte', async () => {
    const before = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('{"total":499.00,\r\n"name":"'), 0xff, 0x00, 0x22, 0x7d]);
    const after = await edited(before, '499.00', '12.50');
    expect(Buffer.from(after).toString('latin1')).toBe(before.toString('latin1').replace('499.00', '12.50'));
  });

  it('gets no newline at its end from the editor, and keeps the one it has', async () => {
    expect(Buffer.from(await edited(Buffer.from('{"a":1}'), '1', '2')).toString()).toBe('{"a":2}');
    expect(Buffer.from(await edited(Buffer.from('{"a":1}\r\n'), '1', '2')).toString()).toBe('{"a":2}\r\n');
  });

  it('is the same array where nothing was changed', async () => {
    const body = Buffer.from('{"a":1}');
    expect(await edited(body, 'nothing', 'x')).toBe(body);
  });

  it('prefers VISUAL, and says so where the editor fails', async () => {
    const cwd = temporaryFolder();
    const context = { cwd, env: bareEnvironment(cwd, { VISUAL: 'exit 3;', EDITOR: 'true' }), stdout: new PassThrough() };
    await expect(editBytes(context, Buffer.from('x'), 'body.txt')).rejects.toMatchObject({
      code: 'interrupted',
      message: 'The editor ended with 3; nothing was sent.',
    });
  });

  it('says what to do where there is no such editor, and where it left no file', async () => {
    const cwd = temporaryFolder();
    const editing = (EDITOR: string): Promise<Uint8Array> =>
      editBytes({ cwd, env: bareEnvironment(cwd, { EDITOR }), stdout: new PassThrough() }, Buffer.from('x'), 'body.txt');
    await expect(editing('./no-such-editor 2>/dev/null')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('$EDITOR'),
    });
    await expect(editing('rm')).rejects.toMatchObject({
      code: 'input_unreadable',
      message: 'The editor left no file behind; nothing was sent.',
    });
  });

  it('reads the file it is given, readable by its owner only', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'editor.sh'), 'case "$1" in */body.json) ;; *) exit 9 ;; esac; ls -l "$1" > mode');
    const context = { cwd, env: bareEnvironment(cwd, { EDITOR: 'sh editor.sh' }), stdout: new PassThrough() };
    const body = Buffer.from('x');
    expect(await editBytes(context, body, 'body.json')).toBe(body);
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(join(cwd, 'mode'), 'utf8')).toMatch(/^-rw-------/);
  });
});
