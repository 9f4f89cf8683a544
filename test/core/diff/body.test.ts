import { describe, expect, it } from 'vitest';
import { type BodyOptions, bodyDifferences } from '../../../src/core/diff/body.js';
import { parsePattern } from '../../../src/core/events/path-pattern.js';

const JSON_TYPE = [['Content-Type', 'application/json']] as const;
const FORM_TYPE = [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']] as const;

function told(
  before: string | Uint8Array,
  after: string | Uint8Array,
  options: BodyOptions = {},
  headers: ReadonlyArray<readonly [string, string]> = JSON_TYPE,
): string[] {
  const message = (body: string | Uint8Array) => ({ headers, body: Buffer.from(body as string) });
  return bodyDifferences(message(before), message(after), options).list.map(
    ({ kind, path, before: a, after: b }) => `${kind} ${path} ${a} ${b}`,
  );
}

describe('differences between bodies', () => {
  it('of JSON are told by path, with both texts as they are spelled', () => {
    expect(told('{"total":499.00,"x":[1, 2]}', '{"total":12.50}')).toEqual([
      'changed total 499.00 12.50',
      'removed x [1,2] null',
    ]);
  });

  it('of JSON that only was laid out anew are a matter of white space', () => {
    expect(told('{"a":1}', '{ "a": 1 }\n')).toEqual(['layout  null null']);
  });

  it('are left out where that is asked, and marked where they are expected', () => {
    const ignore = [parsePattern('items[*].id')];
    expect(told('{"items":[{"id":1,"n":1}]}', '{"items":[{"id":2,"n":1}]}', { ignore })).toEqual([]);
    const { list } = bodyDifferences(
      { headers: [], body: Buffer.from('{"id":1,"a":1}') },
      { headers: [], body: Buffer.from('{"id":2,"a":2}') },
      { expected: (path) => (path[0]?.text === 'id' ? 'the id' : null) },
    );
    expect(list.map(({ path, expected }) => [path, expected])).toEqual([
      ['id', 'the id'],
      ['a', null],
    ]);
  });

  it('of forms are told by field', () => {
    expect(told('a=1&b=2&c=%7e', 'a=1&b=3&c=~', {}, FORM_TYPE)).toEqual(['changed b 2 3']);
    expect(told('c=%7e', 'c=~', {}, FORM_TYPE)).toEqual(['spelled  null null']);
    expect(told('a=1', 'a=2', { ignore: [['a']] }, FORM_TYPE)).toEqual([]);
  });

  it('of other texts are told by line; of anything else, or where bytes are asked for, by byte', () => {
    expect(told('abc', 'abd')).toEqual(['changed line 1 abc abd']);
    expect(told('abc', 'abd', { asBytes: true })).toEqual(['bytes  null null']);
    expect(told('boom', '{"ok":true}')).toEqual(['changed line 1 boom {"ok":true}']);
    expect(told('{"a":1}', '{"a":1.0}', { asBytes: true })).toEqual(['bytes  null null']);
    expect(told(Uint8Array.of(0xff, 0), Uint8Array.of(0xff, 1))).toEqual(['bytes  null null']);
    expect(told('same', 'same')).toEqual([]);
  });

  it('are bounded: of very many only the number is told, and of long texts the beginning', () => {
    const list = (from: number): string => JSON.stringify(Array.from({ length: 20_000 }, (_, index) => from + index));
    const message = (body: string) => ({ headers: [], body: Buffer.from(body) });
    const found = bodyDifferences(message(list(0)), message(list(100_000)));
    expect([found.list.length, found.more]).toEqual([10_000, 10_000]);
    const [one] = bodyDifferences(message('{"a":""}'), message(`{"a":"${'x'.repeat(50_000)}"}`)).list;
    expect(one?.after?.length).toBe(1_001);
  });
});
