import { describe, expect, it } from 'vitest';
import { JsonTape } from '../../../src/core/diff/tape.js';
import { formatPath } from '../../../src/core/events/json-path.js';

const tapeOf = (json: string): JsonTape => JsonTape.of(Buffer.from(json)) as JsonTape;

describe('a document as a tape', () => {
  it('holds each value with its text, its path and what it holds', () => {
    const tape = tapeOf('{"a": [1, {"b\\u0020c": "Zo\\u00eb"}, []], "d":null}');
    const told = Array.from({ length: tape.count }, (_, value) => [formatPath(tape.path(value)), tape.raw(value).slice(0, 6)]);
    expect(told).toEqual([
      ['the document', '{"a": '],
      ['a', '[1, {"'],
      ['a[0]', '1'],
      ['a[1]', '{"b\\u0'],
      ['a[1]["b c"]', '"Zo\\u0'],
      ['a[2]', '[]'],
      ['d', 'null'],
    ]);
    expect(tape.children(1).map((child) => tape.raw(child))).toEqual(['1', '{"b\\u0020c": "Zo\\u00eb"}', '[]']);
    expect([tape.key(4), tape.textOf(4)]).toEqual(['b c', 'Zoë']);
  });

  it('knows what means the same, and what does not', () => {
    const alike = (one: string, other: string): boolean => tapeOf(one).isAlike(0, tapeOf(other), 0);
    expect(alike('{"a":1,"b":[1,2]}', ' {"b":[1.0,2e0],"\\u0061":1} ')).toBe(true);
    expect(alike('"Zoë"', '"Zo\\u00eb"')).toBe(true);
    for (const [one, other] of [
      ['[1,2]', '[2,1]'],
      ['{"a":1,"b":2}', '{"a":2,"b":1}'],
      ['[]', '{}'],
      ['"1"', '1'],
      ['[[],[]]', '[[[]]]'],
      ['null', '"null"'],
    ] as const)
      expect(alike(one, other), `${one} ${other}`).toBe(false);
  });

  it('is none where the bytes are not JSON', () => {
    expect(JsonTape.of(Buffer.from('{"a":}'))).toBeNull();
    expect(JsonTape.of(Buffer.from([0xff]))).toBeNull();
  });

  it('tells the end of the path of what stands very deep', () => {
    const depth = 100_000;
    const tape = tapeOf(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
    const path = formatPath(tape.path(depth));
    expect(path).toMatch(/^…(\[0\]){64}$/);
  });
});
