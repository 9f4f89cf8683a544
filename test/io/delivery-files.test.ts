import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { type Entry, isHttpMessage, readDeliveries } from '../../src/io/delivery-files.js';
import { deliverySource, START, temporaryDirectory } from './store/samples.js';

const next = deliverySource();
const [one, two, three] = [next(), next(), next()] as const;
const jsonOf = (delivery: Delivery): string => JSON.stringify(deliveryToJson(delivery));
const harOf = (time: string): object => ({
  startedDateTime: time,
  time: 1,
  request: { method: 'POST', url: 'http://localhost/', headers: [] },
  response: { status: 0 },
});

async function read(files: Readonly<Record<string, string>>, path: string, piped?: string): Promise<Entry[]> {
  const cwd = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text, 'latin1');
    utimesSync(join(cwd, name), START / 1_000, START / 1_000);
  }
  const entries: Entry[] = [];
  const stdin = piped === undefined ? Readable.from([]) : Readable.from([Buffer.from(piped)]);
  for await (const entry of readDeliveries(path, { cwd, stdin, now: () => START })) entries.push(entry);
  return entries;
}

const idsOf = (entries: readonly Entry[]): Array<string | null> => entries.map(({ delivery }) => delivery?.id ?? null);
const problemsOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ problem }) => (problem === null ? [] : [problem.message]));

describe('readDeliveries', () => {
  it.each([
    ['one', jsonOf(one), [one.id]],
    ['a list', `[${jsonOf(one)},\n ${jsonOf(two)}]`, [one.id, two.id]],
    ['lines', `${jsonOf(one)}\n${jsonOf(two)}\n`, [one.id, two.id]],
    [
      'what listen --json printed',
      `{"type":"ready"}\n{"type":"delivery","delivery":${jsonOf(one)}}\n{"type":"summary"}\n`,
      [one.id],
    ],
    ['none', '[]', []],
  ])('reads exported deliveries: %s', async (_, text, ids) => {
    expect(idsOf(await read({ 'a.json': text }, 'a.json'))).toEqual(ids);
    expect(idsOf(await read({}, '-', text))).toEqual(ids);
  });

  it('reads an archive, and what ngrok recorded', async () => {
    const archive = { log: { version: '1.2', entries: [harOf('2026-11-22T14:02:11Z'), harOf('2026-11-22T14:02:12Z')] } };
    const [first, second] = await read({ 'a.har': JSON.stringify(archive, null, 2) }, 'a.har');
    expect(first?.delivery).toMatchObject({ receivedAt: START, origin: 'imported', request: { path: '/' } });
    expect(second?.delivery?.receivedAt).toBe(START + 1_000);
    const raw = Buffer.from('POST / HTTP/1.1\r\n\r\nx').toString('base64');
    const answer = { uri: '/api', requests: [{ start: '2026-11-22T14:02:11Z', tunnel_name: 'x', request: { raw } }] };
    const [recorded] = await read({}, '-', JSON.stringify(answer));
    expect(recorded?.delivery).toMatchObject({ receivedAt: START, request: { method: 'POST' } });
  });

  it('reads an HTTP message, to the byte', async () => {
    const [entry] = await read({ 'a.http': 'POST /h HTTP/1.1\nX: \xe9\n\n\x00\xff\n' }, 'a.http');
    expect(entry?.delivery).toMatchObject({ receivedAt: START, request: { path: '/h', headers: [['X', '\xe9']] } });
    expect([...(entry?.delivery?.request.body ?? [])]).toEqual([0, 0xff, 0x0a]);
  });

  it('reads what gosmee saved: the script, and the body beside it', async () => {
    const script = `#!/bin/bash\ntargetURL="http://localhost:8080"\ncurl -H 'X-Github-Event: push' -X POST -d @./push.json \${targetURL}\n`;
    const entries = await read({ 'saved/push.sh': script, 'saved/push.json': '{"a": 1}' }, 'saved');
    expect(entries).toHaveLength(1);
    expect(entries[0]?.delivery).toMatchObject({
      receivedAt: START,
      request: { path: '/', headers: [['X-Github-Event', 'push']] },
    });
    expect(Buffer.from(entries[0]?.delivery?.request.body ?? []).toString()).toBe('{"a": 1}');
  });

  it('reads the files of a folder in the order of their names', async () => {
    const files = { 'f/b.json': jsonOf(two), 'f/a.json': jsonOf(one), 'f/notes.txt': 'x', 'f/c.ndjson': jsonOf(three) };
    expect(idsOf(await read(files, 'f'))).toEqual([one.id, two.id, three.id]);
  });

  it('goes on after one that is damaged, and says which it was', async () => {
    const entries = await read({ 'a.json': `[${jsonOf(one)}, {"x":1}, {"id":}, ${jsonOf(two)}]` }, 'a.json');
    expect(idsOf(entries)).toEqual([one.id, null, null, two.id]);
    expect(problemsOf(entries)).toEqual([
      'a.json, number 2: It is neither a delivery nor a request that another program recorded.',
      'a.json, number 3: It is not JSON.',
    ]);
  });

  it('gives what stands whole in a file that was cut off', async () => {
    const whole = `[${jsonOf(one)},${jsonOf(two)}]`;
    const entries = await read({ 'a.json': whole.slice(0, -10) }, 'a.json');
    expect(idsOf(entries)).toEqual([one.id, null]);
    expect(problemsOf(entries)).toEqual([
      'a.json: The file ends in the middle: it was cut off, and 1 whole delivery stands before that.',
    ]);
  });

  it.each([
    ['', 'a.json: The file is empty.'],
    ['nonsense', 'a.json, number 1: It is not JSON.'],
    ['Nonsense', 'a.json: This is not the first line of an HTTP request (line 1).'],
    [']', 'a.json: This is not JSON: a ] stands alone, 0 bytes from its beginning.'],
    ['{"data":{}}', 'a.json, number 1: It is neither a delivery nor a request that another program recorded.'],
  ])('says what a file is that holds %j', async (text, problem) => {
    expect(problemsOf(await read({ 'a.json': text }, 'a.json'))).toEqual([problem]);
  });

  it('says what cannot be read at all', async () => {
    await expect(read({}, 'none.json')).rejects.toMatchObject({
      code: 'input_unreadable',
      message: "There is no file 'none.json'.",
    });
    await expect(read({ 'f/notes.txt': '' }, 'f')).rejects.toMatchObject({ code: 'input_malformed' });
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    await expect(readDeliveries('-', { cwd: '/', stdin: terminal, now: () => 0 }).next()).rejects.toMatchObject({
      code: 'input_unreadable',
    });
  });
});

it.each([
  ['POST /hooks HTTP/1.1\r\nA: b\r\n\r\n', true],
  ['{"a":"POST / HTTP/1.1\\n"}', false],
  ['POST', false],
])('tells an HTTP message: %j', (text, expected) => {
  expect(isHttpMessage(Buffer.from(text))).toBe(expected);
});
