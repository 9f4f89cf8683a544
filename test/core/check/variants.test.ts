import { describe, expect, it } from 'vitest';
import { addMember, VARIANTS } from '../../../src/core/check/variants.js';

const body = Buffer.from('{"id":"wh_1","total":80.00,"name":"Zoë","items":[{"a":1},{}]}');

describe('every spelling', () => {
  it.each(VARIANTS.map((variant) => [variant.id, variant] as const))(
    '%s is JSON that says the same, in other bytes',
    (_, { write, adds }) => {
      const bytes = write(body);
      if (bytes === null) throw new Error('it could not be written');
      const value = JSON.parse(Buffer.from(bytes).toString('utf8'));
      const { webhook_check: added, ...rest } = value;
      expect(rest).toEqual(JSON.parse(body.toString()));
      expect(added !== undefined).toBe(adds);
      expect(Buffer.from(bytes).equals(body)).toBe(false);
      // What is not added stays byte for byte.
      if (adds)
        expect(
          Buffer.from(bytes)
            .subarray(0, body.length - 1)
            .equals(body.subarray(0, -1)),
        ).toBe(true);
    },
  );

  it('is lost by JSON.stringify(JSON.parse(body)), but for what only its encoding tells', () => {
    const kept = VARIANTS.filter(({ write }) => {
      const text = Buffer.from(write(body) ?? '').toString('utf8');
      return (
        text.includes('webhook_check') && JSON.stringify(JSON.parse(text)).endsWith(text.slice(text.indexOf('"webhook_check"')))
      );
    });
    expect(kept.map(({ id }) => id)).toEqual(['raw-body.emoji', 'raw-body.line_separator', 'raw-body.lone_surrogate']);
  });
});

describe('a member more', () => {
  it('goes into the first object', () => {
    expect(Buffer.from(addMember(Buffer.from('{}'), '1') ?? '').toString()).toBe('{"webhook_check":1}');
    expect(Buffer.from(addMember(Buffer.from('[{"a":1},{}]\r\n'), '1e2') ?? '').toString()).toBe(
      '[{"a":1,"webhook_check":1e2},{}]\r\n',
    );
  });

  it('has no place elsewhere', () => {
    for (const text of ['[]', '[1,{}]', '"text"', 'a=1&b=2', '', '{"a":']) expect(addMember(Buffer.from(text), '1')).toBeNull();
  });
});
