import { describe, expect, it } from 'vitest';
import { lineDifferences } from '../../../src/core/diff/lines.js';

function told(before: string | Uint8Array, after: string | Uint8Array, most = 100): string[] | null {
  const found = lineDifferences(Buffer.from(before as string), Buffer.from(after as string), most);
  return found === null ? null : found.list.map(({ kind, path, before: a, after: b }) => `${kind} ${path} ${a} ${b}`);
}

describe('differences between texts', () => {
  it('are told by line: changed in its place, added and removed', () => {
    expect(told('boom', '{"ok":true}')).toEqual(['changed line 1 boom {"ok":true}']);
    expect(told('a\nb\nc\nd', 'a\nx\nc\nd')).toEqual(['changed line 2 b x']);
    expect(told('a\nb\nc', 'a\nnew\nb\nc')).toEqual(['added line 2 null new']);
    expect(told('a\nold\nb\nc', 'a\nb\nc')).toEqual(['removed line 2 old null']);
    expect(told('', 'not found')).toEqual(['added line 1 null not found']);
    expect(told('gone', '')).toEqual(['removed line 1 gone null']);
    expect(told('a\na\na', 'a\na')).toEqual(['removed line 3 a null']);
  });

  it('are for bytes to tell where lines would not show them', () => {
    expect(told('a\r\nb', 'a\nb')).toBeNull();
    expect(told('a', 'a\n')).toBeNull();
    expect(told('a b', 'a b ')).toBeNull();
    expect(told(Uint8Array.of(0xff, 0x41), 'A')).toBeNull();
    expect(told('A', Uint8Array.of(0xef, 0xbf))).toBeNull();
    expect(told('a\u0000b', 'a b')).toBeNull();
    expect(told('\ufeffa', 'a')).toBeNull();
    expect(told(`${'x'.repeat(201)}a`, `${'x'.repeat(201)}b`)).toBeNull();
  });

  it('are bounded in number', () => {
    expect(told('a\nb\nc', 'x\ny\nz', 2)).toEqual(['changed line 1 a x', 'changed line 2 b y']);
    expect(lineDifferences(Buffer.from('a\nb\nc'), Buffer.from('x\ny\nz'), 2)?.more).toBe(1);
  });
});
