import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readContent } from '../../src/render/content.js';

const JSON_TYPE: readonly [string, string] = ['content-type', 'application/json; charset=utf-8'];

describe('readContent', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('undoes %s for the eye', (encoding, encode) => {
    const text = JSON.stringify({ a: 'b'.repeat(1_390) });
    const body = encode(Buffer.from(text));
    const content = readContent([JSON_TYPE, ['Content-Encoding', encoding]], body);
    expect(content.kind).toBe('json');
    expect(content.text).toBe(text);
    expect(content.notes).toEqual(['application/json', `${encoding}, ${body.length} B → 1.4 kB`]);
  });

  it('undoes several, last one first', () => {
    const body = brotliCompressSync(gzipSync(Buffer.from('{}')));
    expect(readContent([JSON_TYPE, ['Content-Encoding', 'gzip, br']], body).text).toBe('{}');
  });

  it('hides what is not for people to see in what was decoded', () => {
    const body = gzipSync('{"token":"secret"}');
    const hide = (bytes: Uint8Array): Uint8Array => Buffer.from(Buffer.from(bytes).toString().replace('secret', 'hidden'));
    expect(readContent([JSON_TYPE, ['Content-Encoding', 'gzip']], body, '→', hide).text).toBe('{"token":"hidden"}');
  });

  it('does not let a small body become a large one', () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const content = readContent([['Content-Encoding', 'gzip']], bomb);
    expect(content.kind).toBe('binary');
    expect(content.bytes.length).toBe(bomb.length);
    expect(content.notes.join()).toContain('it decodes to more than 1 MB');
  });

  it('says so where an encoding is broken or unknown', () => {
    expect(readContent([['Content-Encoding', 'gzip']], Buffer.from('plain')).notes.join()).toContain('shown as it is');
    expect(readContent([['Content-Encoding', 'zstd']], Buffer.from('plain')).notes.join()).toContain('not known here');
  });

  it('tells text from bytes', () => {
    expect(readContent([], Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0])).kind).toBe('binary');
    expect(readContent([JSON_TYPE], Buffer.from([0x7b, 0xff, 0x7d])).notes).toContain('not valid UTF-8');
    expect(readContent([['Content-Type', 'text/plain; charset=iso-8859-1']], Buffer.from([0x5a, 0x6f, 0xeb])).text).toBe('Zoë');
    expect(readContent([], Buffer.from('[1]')).kind).toBe('json');
    expect(readContent([['Content-Type', 'application/vnd.api+json']], Buffer.from('1')).kind).toBe('json');
    expect(readContent([['Content-Type', 'text/plain']], Buffer.from('a')).kind).toBe('text');
    expect(readContent([], Buffer.alloc(0)).kind).toBe('empty');
  });

  it('notes a byte order mark and CRLF line ends', () => {
    expect(readContent([JSON_TYPE], Buffer.from('\ufeff{}')).notes).toContain('byte order mark');
    const even = readContent([['Content-Type', 'text/plain']], Buffer.from('a\r\nb\r\n'));
    expect([even.text, even.notes.at(-1)]).toEqual(['a\nb\n', 'CRLF line ends']);
    expect(readContent([['Content-Type', 'text/plain']], Buffer.from('a\r\nb\n')).text).toBe('a\r\nb\n');
  });

  it('reads only the beginning of a very long text, and no half a character', () => {
    const content = readContent([['Content-Type', 'text/plain']], Buffer.from(`a${'é'.repeat(3_000_000)}`));
    expect(content.kind).toBe('text');
    expect(content.text.endsWith('é')).toBe(true);
    expect(content.text.length).toBeLessThan(1_100_000);
  });

  it('is JSON where curl called it a form', () => {
    const content = readContent([['Content-Type', 'application/x-www-form-urlencoded']], Buffer.from('{"a":1}'));
    expect(content).toMatchObject({ kind: 'json', remarkable: true });
  });
});
