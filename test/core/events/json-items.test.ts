import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonItems } from '../../../src/core/events/json-items.js';

const LISTS = ['', 'log.entries', 'requests'];

/** Every item of a text that comes in pieces of these sizes. */
function itemsOf(text: string | Uint8Array, sizes: readonly number[] = [7]): string[] {
  const bytes = Buffer.from(text as string);
  const items = new JsonItems(LISTS);
  const found: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // The caller may use its buffer again.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    for (const item of items.push(chunk)) found.push(item.toString());
    chunk.fill(0);
    at += size;
  }
  for (const item of items.end()) found.push(item.toString());
  expect(items.count).toBe(found.length);
  return found;
}

const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const indents = fc.constantFrom(undefined, 2, '\t');

describe('JsonItems', () => {
  it('gives the items of an array, however it is spaced and cut', () => {
    fc.assert(
      fc.property(values, sizes, indents, (list, cuts, indent) => {
        expect(itemsOf(JSON.stringify(list, null, indent), cuts).map((item) => JSON.parse(item))).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
      }),
    );
  });

  it('gives the items of a list inside, and nothing of what stands beside it', () => {
    fc.assert(
      fc.property(values, fc.jsonValue({ maxDepth: 2 }), sizes, indents, (entries, beside, cuts, indent) => {
        const archive = { before: beside, log: { a: [beside], entries, b: beside }, requests: 'not a list', after: [beside] };
        expect(itemsOf(JSON.stringify(archive, null, indent), cuts).map((item) => JSON.parse(item))).toEqual(
          JSON.parse(JSON.stringify(entries)),
        );
      }),
    );
  });

  it('gives documents that follow one another', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 });
    fc.assert(
      fc.property(objects, sizes, fc.constantFrom('\n', '', ' \r\n\n'), (documents, cuts, between) => {
        const named = documents.map((document) => ({ ...document, log: 1, requests: {} }));
        expect(itemsOf(named.map((one) => JSON.stringify(one)).join(between), cuts).map((item) => JSON.parse(item))).toEqual(
          JSON.parse(JSON.stringify(named)),
        );
      }),
    );
  });

  it.each([
    ['', []],
    [' \n', []],
    ['\ufeff[1]', ['1']],
    ['[1, "a,]\\"", [2], null]', ['1', '"a,]\\""', '[2]', 'null']],
    ['{"lo\\u0067":{"entries":[1]}}', ['{"lo\\u0067":{"entries":[1]}}']],
    ['{"log":{"entries":{"0":1}}}', ['{"log":{"entries":{"0":1}}}']],
    ['[{"log":{"entries":[1]}}]', ['{"log":{"entries":[1]}}']],
    ['{"log":{"entries":[]}}\n{"a":1}\n[2]', ['{"a":1}', '2']],
    ['{"x":{"log":{"entries":[1]}}}', ['{"x":{"log":{"entries":[1]}}}']],
    ['nonsense', ['nonsense']],
  ])('takes %j apart', (text, expected) => {
    expect(itemsOf(text)).toEqual(expected);
  });

  it('says that a text was cut off, wherever that was, and gives what stands whole before it', () => {
    const text = '{"log":{"entries":[{"a":"}]"},{"b":[1,2]}]}}';
    for (let end = 1; end < text.length; end++) {
      const items = new JsonItems(LISTS);
      const whole = [...items.push(Buffer.from(text.slice(0, end)))].map(String);
      expect(['{"a":"}]"}', '{"b":[1,2]}'].slice(0, whole.length)).toEqual(whole);
      expect(() => [...items.end()]).toThrow('The file ends in the middle');
    }
  });

  it('says where a bracket stands alone', () => {
    expect(() => itemsOf('{"a":1}\n ]')).toThrow('a ] stands alone, 9 bytes from its beginning');
  });

  it('holds no more than the item it is reading', () => {
    const items = new JsonItems(LISTS);
    const chunk = Buffer.from(`{"a":"${'x'.repeat(1_000)}"},`);
    let given = 0;
    for (const _ of items.push(Buffer.from('['))) given++;
    for (let round = 0; round < 1_000; round++) for (const item of items.push(chunk)) given += item.length > 1_000 ? 1 : 0;
    expect(given).toBe(1_000);
  });
});
