import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { invoke } from '../support/invoke.js';
import { projectWith } from '../support/keep.js';
import { DRIVES_A_TERMINAL, ndjson, type Outcome } from '../support/running.js';

const HEADERS: ReadonlyArray<readonly [string, string]> = [
  ['Content-Type', 'application/json'],
  ['X-Webhook-Signature', 'c0ffee'],
];
const request = (body: string, headers = HEADERS) => ({ method: 'POST', path: '/hooks', headers, body: Buffer.from(body) });
const ORDER = '{"id":"wh_1","event":"order.created","data":{"order":{"total":499.00,"items":[{"id":1,"n":1},{"id":2,"n":2}]}}}';
const LATER =
  '{"id":"wh_2","event":"order.created","data":{"order":{"total":499,"items":[{"id":2,"n":3},{"id":1,"n":1}],"note":"x"}}}';

async function two(before: string, after: string): Promise<string> {
  return (await projectWith({ request: request(before) }, { request: request(after, [...HEADERS, ['X-New', 'a']]) })).cwd;
}

const diff = (cwd: string, args: readonly string[], columns?: number): Promise<Outcome> =>
  invoke(['diff', ...args, '--no-color'], columns === undefined ? { cwd } : { cwd, columns });

describe('two deliveries', () => {
  it('are told apart by meaning, with what is expected and what is only spelled otherwise', async () => {
    const { stdout, code } = await diff(await two(ORDER, LATER), ['last:2']);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(3)).toEqual([
      '  Headers',
      '    + X-New  a',
      '',
      '  Body',
      '    ~ id  "wh_1" → "wh_2"  expected: the id',
      '    = data.order.total  499.00 → 499  the same, spelled differently',
      '    > data.order.items[0]  {"id":1,"n":1}  now data.order.items[1]',
      '    ~ data.order.items[1].n  2 → 3',
      '    + data.order.note  "x"',
      '',
      '  4 differences · 1 expected · 1 in spelling only',
      '',
    ]);
  });

  it('stand side by side where there is room, and under each other where there is not', async () => {
    const long = (letter: string): string => `{"event":"order.created","text":"${letter.repeat(70)}"}`;
    const cwd = await two(long('a'), long('b'));
    const wide = (await diff(cwd, ['last:2'], 120)).stdout.split('\n');
    expect(wide.find((line) => line.includes('text'))).toMatch(/~ text {2,}"a{40,} {2}"b{40,}/);
    const narrow = (await diff(cwd, ['last:2'], 80)).stdout.split('\n');
    const at = narrow.findIndex((line) => line.includes('~ text'));
    expect(narrow.slice(at, at + 3)).toEqual(['    ~ text', `      - "${'a'.repeat(70)}"`, `      + "${'b'.repeat(70)}"`]);
    for (const line of [...wide, ...narrow]) expect(line.length).toBeLessThanOrEqual(120);
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('as NDJSON say everything, a difference a line', async () => {
    const records = ndjson((await diff(await two(ORDER, LATER), ['last:2', '--json'])).stdout);
    expect(records).toContainEqual({
      type: 'difference',
      part: 'body',
      kind: 'moved',
      path: 'data.order.items[0]',
      to: 'data.order.items[1]',
      before: '{"id":1,"n":1}',
      after: '{"id":1,"n":1}',
      expected: null,
    });
    expect(records.at(-1)).toMatchObject({ type: 'summary', same: false, differences: 6, real: 4 });
  });

  it('end with 4 where they differ in meaning, and that was asked', async () => {
    const cwd = await two(ORDER, ORDER.replace('wh_1', 'wh_2').replace('499.00', '499'));
    expect((await diff(cwd, ['last:2'])).code).toBe(0);
    expect((await diff(cwd, ['last:2', '--exit-code'])).code).toBe(4);
    const alike = await projectWith({ request: request(ORDER) }, { request: request(ORDER.replace('499.00', '499')) });
    expect((await diff(alike.cwd, ['last:2', '--exit-code'])).code).toBe(0);
    expect((await diff(alike.cwd, ['last:2', '--exit-code', '--bytes'])).code).toBe(4);
    expect((await diff(cwd, ['last:2', '--exit-code', '--ignore', 'id'])).code).toBe(4);
  });

  it('that are the same are said to be', async () => {
    const { cwd } = await projectWith({ request: request(ORDER) });
    const { stdout, code } = await diff(cwd, ['last', 'last', '--exit-code']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('They are the same')]);
  });

  it('may be in files', async () => {
    const { cwd } = await projectWith({ request: request(ORDER) });
    writeFileSync(join(cwd, 'a.json'), (await invoke(['show', 'last', '--json'], { cwd })).bytes);
    writeFileSync(join(cwd, 'b.http'), (await invoke(['show', 'last', '--raw'], { cwd })).stdout.replace('499.00', '12.50'));
    const { stdout } = await diff(cwd, ['a.json', 'b.http']);
    expect(stdout).toContain('~ data.order.total  499.00 → 12.50');
    expect((await diff(cwd, ['last', 'a.json'])).stdout).toContain('They are the same');
  });

  it('fits its rows of bytes and its lines of text into 80 columns', async () => {
    const cwd = await two('a'.repeat(40), `${'a'.repeat(39)}\u0000`);
    const { stdout } = await invoke(['diff', 'last:2', '--no-color'], { cwd, columns: 80 });
    expect(stdout).toMatch(/^ {6}- 000010 {2}(61 ){8} aaaaaaaa$/m);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    const texts = await invoke(['diff', 'last:2', '--no-color'], { cwd: await two('boom', 'all is well'), columns: 80 });
    expect(texts.stdout).toContain('    ~ line 1  boom → all is well\n');
  });

  it('are compared byte by byte with --bytes, and where they are no JSON', async () => {
    const { stdout } = await diff(await two('hello wörld', 'hello w\u0000rld'), ['last:2']);
    expect(stdout).toContain('first at byte 7 (line 1, column 8); 12 and 11 bytes');
    expect(stdout).toContain('- 000000  68 65 6c 6c 6f 20 77 c3 b6 72 6c 64              hello w..rld');
  });

  it('are compared by what was compressed', async () => {
    const gzipped = (body: string) => ({
      ...request('', [...HEADERS, ['Content-Encoding', 'gzip']]),
      body: gzipSync(body),
    });
    const { cwd } = await projectWith({ request: gzipped('{"a":1}') }, { request: gzipped('{"a":2}') });
    expect((await diff(cwd, ['last:2'])).stdout).toContain('~ a  1 → 2');
    expect((await diff(cwd, ['last:2', '--bytes'])).stdout).toContain('differs in its bytes');
  });

  it('show no signature and drive no terminal', async () => {
    const evil = '{"event":"\\u001b[2J","\u202eyek":"\u001b"}';
    const { cwd } = await projectWith(
      {
        request: request('{}', [
          ['X-Webhook-Signature', 'hush-1'],
          ['X-Evil', 'a\u0080'],
        ]),
      },
      {
        request: request(evil, [
          ['X-Webhook-Signature', 'hush-2'],
          ['X-Evil', 'b\u009b'],
        ]),
      },
    );
    for (const columns of [80, 120]) {
      const { stdout } = await diff(cwd, ['last:2'], columns);
      expect(stdout).not.toContain('hush');
      expect(stdout).not.toMatch(DRIVES_A_TERMINAL);
    }
    expect((await diff(cwd, ['last:2', '--show-secrets'])).stdout).toContain('hush-2');
  });
});

describe('a delivery and its sample', () => {
  const body = '{"id":"wh_2","event":"stock.low","timestamp":"2026-11-22T14:00:00Z","data":{"sku":5}}';

  async function withOwnFixture(): Promise<string> {
    const { cwd } = await projectWith({ event: 'stock.low', request: request(body) });
    const path = join(cwd, 'samples', 'connect2print', 'stock.low.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"id":"wh_1","event":"stock.low","timestamp":"2024-01-01T00:00:00Z","data":{"sku":"A","left":1}}');
    writeFileSync(join(cwd, 'webhook.config.json'), '{"fixtures":"./samples"}');
    return cwd;
  }

  it('are compared by structure; the project’s own sample counts', async () => {
    const cwd = await withOwnFixture();
    const { stdout, code } = await diff(cwd, ['last', '--fixture', '--exit-code']);
    expect(stdout).toMatch(/^ {2}- samples\S+stock\.low\.json\n/);
    expect(code).toBe(4);
    expect(stdout).toContain('  - data.left  number\n');
    expect(stdout).toContain('  ~ data.sku  string → number\n');
    expect(stdout).toContain('  2 differences\n');
    expect((await diff(cwd, ['--fixture', 'last'])).stdout).toBe((await diff(cwd, ['last', '--fixture'])).stdout);
  });

  it('are compared by value with --values', async () => {
    const { stdout } = await diff(await withOwnFixture(), ['last', '--fixture', '--values']);
    expect(stdout).toContain('~ id  "wh_1" → "wh_2"  expected: the id');
    expect(stdout).toContain('~ data.sku  "A" → 5');
  });

  it('of an event that is named', async () => {
    const { cwd } = await projectWith({ event: null, request: request(body) });
    expect((await diff(cwd, ['last', '--fixture'])).code).toBe(2);
    const { code, stdout } = await diff(cwd, ['last', '--fixture', 'stock.low']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, '  - the built-in sample of connect2print/stock.low']);
  });
});

describe('what it is told wrong', () => {
  it.each([
    [['last'], /Two deliveries are compared, and one was named/],
    [[], /none was named/],
    [['last:2', 'last'], /more than two were named/],
    [['last:2', '--fixture'], /One delivery is compared/],
    [['last', 'nope'], /nope/],
    [['last', 'last', '--values'], /--fixture/],
    [['last', '--fixture', '--bytes'], /--values/],
    [['last', 'last', '--ignore', 'a..b'], /not a path/],
  ] as const)('%j: exit 2, a sentence and a next step', async (args, said) => {
    const { cwd } = await projectWith({}, {});
    const { code, stdout, stderr } = await diff(cwd, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/^error: .*[.?]\n( {7}\S.*\n)+$/);
  });
});
