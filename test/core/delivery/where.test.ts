import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhere } from '../../../src/core/delivery/where.js';

const BODY =
  '{"total": 499.00, "zero":-0.00,"big":12345678901234567890,"id":"456","n":456,"ok":true,"none":null,"a.b":1,"e":"caf\\u00e9","list":[{"x":1},2],"o":{"k" : [1, 2]},"twice":1,"twice":2}';
const holds = (condition: string, body: string | Uint8Array = BODY): boolean => parseWhere(condition).holds(Buffer.from(body));

describe('parseWhere', () => {
  it.each([
    'total=499.00',
    'total=499',
    'total=499.0',
    'zero=0',
    'zero=0.0',
    'big=12345678901234567890',
    'id=456',
    'id="456"',
    'n=456',
    '/n=456',
    'ok=true',
    'none=null',
    '["a.b"]=1',
    'e=café',
    'e="café"',
    'list[0].x=1',
    '/list/1=2',
    'o={"k":[1,2]}',
    'o.k=[ 1,2 ]',
    'twice=2',
    'list[*]=2',
    'list[*].x=1',
    'list[*]={"x":1}',
    'o.k[*]=2',
  ])('%s holds', (condition) => expect(holds(condition)).toBe(true));

  it.each([
    'total=499.01',
    'total=49.9',
    'total=4990',
    'total="499.00"',
    'big=12345678901234567891',
    'n="456"',
    'n=4560',
    'ok=1',
    'none=',
    'a.b=1',
    'list[2]=1',
    'list[*].x=2',
    'list[*]=1',
    'o[*]=1',
    'n[*]=4',
    'none[*].x=1',
    'twice=1',
    'there.is.nothing=1',
    'e=caf',
  ])('%s does not', (condition) => expect(holds(condition)).toBe(false));

  it('holds for no body that is not JSON, or not all of it', () => {
    for (const body of ['', 'n=456', '{"n":456', '{"n":456}}', Buffer.from([0xff, 0x00])])
      expect(holds('n=456', body)).toBe(false);
  });

  it('takes a number for the same however many zeros end its fraction, and names what all of these hold', () => {
    const zeros = fc.nat({ max: 3 }).map((count) => '0'.repeat(count));
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.stringMatching(/^\d{0,3}$/), zeros, zeros, (whole, fraction, one, other) => {
        const spelled = (end: string): string => (fraction + end === '' ? `${whole}` : `${whole}.${fraction}${end}`);
        const condition = parseWhere(`n=${spelled(one)}`);
        const body = Buffer.from(`{"n":${spelled(other)}}`);
        expect(condition.holds(body)).toBe(true);
        expect(body.includes(Buffer.from(condition.bytes ?? ''))).toBe(true);
      }),
    );
  });

  it('takes a time by the length of a number, whatever its zeros', () => {
    const number = `0.${'0'.repeat(1_000_000)}1`;
    const began = process.cpuUsage();
    expect(holds('n=0', `{"n":${number}}`)).toBe(false);
    expect(holds(`n=${number}`, `{"n":${number}0}`)).toBe(true);
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });

  it('looks at every item of lists in lists, and of a document that is one', () => {
    const body = '[{"a":[{"b":1},{"b":[2,"]"]}]}, {"a":[]}, 7]';
    for (const condition of ['[*].a[*].b=1', '[*].a[*].b[*]=2', '[*].a[*].b[*]="]"', '[*]=7', '[*].a=[]'])
      expect(holds(condition, body)).toBe(true);
    for (const condition of ['[*].a[*].b=2', '[*].a[*].c=1', '[*]=8', '[*].a[*]=1']) expect(holds(condition, body)).toBe(false);
  });

  it('names bytes that every such body holds, unless it has a backslash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const body = Buffer.from(JSON.stringify({ here: value }, null, indent));
        const spelled = [JSON.stringify(value), ...(typeof value === 'string' ? [value] : [])];
        for (const text of spelled) {
          const condition = parseWhere(`here=${text}`);
          expect(condition.holds(body)).toBe(true);
          if (condition.bytes !== null && !body.includes('\\')) expect(body.includes(Buffer.from(condition.bytes))).toBe(true);
        }
      }),
    );
  });

  it('knows traces that every such body has, however it is spelled', () => {
    const text = fc.stringMatching(/^[ -~é日/😀]{1,8}$/u);
    const key = fc.oneof(fc.stringMatching(/^[a-zA-Z_-]{1,6}$/), fc.stringMatching(/^[ -<>-~é日😀]{1,8}$/u));
    /** Some of the characters as escapes. */
    const spelled = (value: string, ways: readonly number[]): string => {
      let at = 0;
      const units =
        JSON.stringify(value)
          .slice(1, -1)
          .match(/\\u....|\\.|[\ud800-\udbff].|./gsu) ?? [];
      const escaped = (one: string): string =>
        [...one.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
      return units
        .map((unit) => {
          const way = ways[at++ % ways.length];
          if (unit.startsWith('\\') || way === 0) return unit;
          return unit === '/' && way === 1 ? '\\/' : way === 2 ? escaped(unit).toUpperCase().replaceAll('\\U', '\\u') : unit;
        })
        .join('');
    };
    const stands = (body: Buffer, one: Uint8Array): boolean =>
      body.toString('latin1').toLowerCase().includes(Buffer.from(one).toString('latin1').toLowerCase());
    let known = 0;
    fc.assert(
      fc.property(
        key,
        text,
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (name, value, ways, quoted) => {
          const body = Buffer.from(`{"a":{"${spelled(name, ways)}" : "${spelled(value, ways)}"}}`);
          const condition = parseWhere(
            `/a/${name.replaceAll('~', '~0').replaceAll('/', '~1')}=${quoted ? JSON.stringify(value) : value}`,
          );
          if (!condition.holds(body) || condition.traces === null) return;
          known++;
          expect(condition.traces.some((texts) => texts.every((one) => stands(body, one)))).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(known).toBeGreaterThan(200);
  });

  it.each([
    ['total', /no '='/],
    ['=1', /empty/],
    ['items[-]=1', /after the last/],
    ['a..b=1', /missing/],
  ])('%s is none', (text, said) => expect(() => parseWhere(text)).toThrow(said));
});
