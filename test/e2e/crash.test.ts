/** What is left after a program was killed, or its disk was full: a store that opens, is sound, and has what was acknowledged. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import { EVERYTHING } from '../../src/core/delivery/selector.js';
import { openStore } from '../../src/io/store/store.js';
import { bytesOf, deliverySource } from '../io/store/samples.js';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { startListener } from '../support/listener.js';
import { packedProgram, run, start, startProgram } from '../support/program.js';
import { ndjson, type RunOptions } from '../support/running.js';
import { send } from '../support/send.js';

const ROUNDS = 2;
const TIMEOUT = 90_000;

/** Many deliveries, as `webhook export` writes them. */
function exported(count: number): string {
  const next = deliverySource();
  const request = { method: 'POST', path: '/', headers: [], body: bytesOf(`{"text":"${'x'.repeat(2_000)}"}`) } as const;
  return Array.from({ length: count }, () => JSON.stringify(deliveryToJson(next({ request })))).join('\n');
}

/** Kills a program that is about to run for a second or so, at any moment of that. */
async function killed(args: readonly string[], options: RunOptions): Promise<void> {
  const program = start(args, { timeout: TIMEOUT, ...options });
  const timer = setTimeout(() => program.send('SIGKILL'), Math.random() * 1_200);
  await program.ended;
  clearTimeout(timer);
}

/** The bodies that are kept, once `store check` has found nothing wrong. */
async function soundStore(cwd: string): Promise<string[]> {
  const { code, stdout, stderr } = await run(['store', 'check', '--json', '--store', 'd.db'], { cwd, timeout: TIMEOUT });
  expect([code, stderr, ndjson(stdout)[0]?.problems]).toEqual([0, '', []]);
  const store = openStore(join(cwd, 'd.db'), { readOnly: true });
  const bodies = [...store.select(EVERYTHING)].map(({ request }) => Buffer.from(request.body).toString());
  await store.close();
  return bodies;
}

/** Sends deliveries, each with a word of its own, until nobody answers. Gives the words of those that were acknowledged. */
async function sendUntilGone(url: string, prefix: string): Promise<string[]> {
  const acknowledged: string[] = [];
  const line = async (name: string): Promise<void> => {
    for (let number = 0; ; number++) {
      const word = `{"word":"${prefix}-${name}-${number}"}`;
      const answer = await send(url, { body: word }).catch(() => null);
      if (answer === null) return;
      if (answer.status === 200) acknowledged.push(word);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(line));
  return acknowledged;
}

describe('killed at any moment', () => {
  it(
    'listen leaves a sound store with everything it has acknowledged',
    async () => {
      const cwd = temporaryFolder();
      const acknowledged: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { url, running } = await startListener(start, ['--store', 'd.db'], { cwd, timeout: TIMEOUT });
        setTimeout(() => running.send('SIGKILL'), Math.random() * 400);
        acknowledged.push(...(await sendUntilGone(url, `r${round}`)));
        await running.ended;
      }
      const kept = new Set(await soundStore(cwd));
      expect(acknowledged.filter((word) => !kept.has(word))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'listen that forwards leaves a sound store with everything it has acknowledged, and the app had all of it',
    async () => {
      const cwd = temporaryFolder();
      const app = await startApp((_request, response) => void response.end('ok'));
      const acknowledged: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const args = ['--forward-to', app.url, '--store', 'd.db'];
        const { url, running } = await startListener(start, args, { cwd, timeout: TIMEOUT });
        setTimeout(() => running.send('SIGKILL'), Math.random() * 400);
        acknowledged.push(...(await sendUntilGone(url, `r${round}`)));
        await running.ended;
      }
      const kept = new Set(await soundStore(cwd));
      const had = new Set(app.requests.map(({ body }) => body.toString()));
      expect(acknowledged.filter((word) => !kept.has(word) || !had.has(word))).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'import leaves a sound store, and goes on where it was',
    async () => {
      const cwd = temporaryFolder({ 'many.json': exported(2_000) });
      for (let round = 0; round < ROUNDS; round++) await killed(['import', 'many.json', '--store', 'd.db'], { cwd });
      const { code } = await run(['import', 'many.json', '--store', 'd.db'], { cwd, timeout: TIMEOUT });
      expect([code, (await soundStore(cwd)).length]).toEqual([0, 2_000]);
    },
    TIMEOUT,
  );

  it(
    'prune and replay leave a sound store',
    async () => {
      const cwd = temporaryFolder({ 'many.json': exported(3_000) });
      const app = await startApp((_request, response) => void response.end('ok'));
      await run(['import', 'many.json', '--store', 'd.db'], { cwd, timeout: TIMEOUT });
      for (let round = 0; round < ROUNDS; round++) {
        const keep = String(2_000 - 900 * round);
        await Promise.all([
          killed(['replay', '--since', '20000d', '--to', app.url, '--store', 'd.db'], { cwd }),
          killed(['prune', '--keep', keep, '--yes', '--store', 'd.db'], { cwd }),
        ]);
        expect((await soundStore(cwd)).length).toBeGreaterThanOrEqual(Number(keep));
      }
    },
    TIMEOUT,
  );
});

it('what an app has answered is kept when the program ends right after', async () => {
  const cwd = temporaryFolder();
  const app = await startApp((_request, response) => void response.writeHead(201).end('made'));
  const listener = await startListener(start, ['--forward-to', app.url, '--store', 'd.db'], { cwd });
  const answers = await Promise.all([1, 2, 3].map((number) => send(listener.url, { body: String(number) })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect((await listener.stop()).outcome.code).toBe(0);
  const store = openStore(join(cwd, 'd.db'), { readOnly: true });
  const kept = [...store.select(EVERYTHING)];
  await store.close();
  expect(kept.map(({ response, attempts }) => [response?.status, attempts.length])).toEqual(kept.map(() => [201, 1]));
  expect(kept).toHaveLength(3);
});

it(
  'two listeners and a replay use one store at once',
  async () => {
    const cwd = temporaryFolder({ 'many.json': exported(200) });
    const app = await startApp((_request, response) => void response.end('ok'));
    await run(['import', 'many.json', '--store', 'd.db'], { cwd });
    const listeners = await Promise.all([1, 2].map(() => startListener(start, ['--store', 'd.db'], { cwd })));
    const replay = run(['replay', '--until', '2027-01-01', '--limit', '200', '--to', app.url, '--store', 'd.db', '--json'], {
      cwd,
    });
    const answers = await Promise.all(
      listeners.flatMap(({ url }, which) =>
        Array.from({ length: 100 }, (_, number) => send(url, { body: `{"word":"${which}-${number}"}` })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { code, stdout } = await replay;
    expect([code, ndjson(stdout).at(-1)]).toEqual([0, expect.objectContaining({ sent: 200, ok: 200 })]);
    for (const listener of listeners) expect((await listener.stop()).outcome.code).toBe(0);
    const kept = await soundStore(cwd);
    expect([kept.length, new Set(kept.filter((body) => body.includes('word'))).size]).toEqual([400, 200]);
  },
  TIMEOUT,
);

it(
  'two listeners whose senders send one after another keep in one store all that they acknowledge',
  async () => {
    const cwd = temporaryFolder();
    const listeners = await Promise.all([1, 2].map(() => startListener(start, ['--store', 'd.db'], { cwd })));
    const sent = await Promise.all(
      listeners.map(async ({ url }, which) => {
        const words: string[] = [];
        for (let number = 0; number < 300; number++) {
          const body = `{"word":"${which}-${number}"}`;
          // Some of one kind after another, as a provider that tests its endpoints sends them.
          const { status } = await send(`${url}${number % 20 < 10 ? '/a' : '/b'}`, { body });
          if (status === 200) words.push(body);
        }
        return words;
      }),
    );
    for (const listener of listeners) expect((await listener.stop()).outcome.code).toBe(0);
    expect(sent.map(({ length }) => length)).toEqual([300, 300]);
    const kept = new Set(await soundStore(cwd));
    expect(sent.flat().filter((word) => !kept.has(word))).toEqual([]);
  },
  TIMEOUT,
);

// A shell's limit on the size of files does what a full disk does, and needs no disk of one's own.
describe.skipIf(process.platform === 'win32')('no room on the disk', () => {
  const limited = (blocks: number, args: string, cwd: string): ReturnType<typeof startProgram> =>
    startProgram('sh', ['-c', `ulimit -f ${blocks}; exec "${process.execPath}" "${packedProgram()}" ${args}`], { cwd });

  it('listen answers 503, says so, goes on, and has what it acknowledged', async () => {
    const cwd = temporaryFolder();
    const begin = (args: readonly string[]): ReturnType<typeof startProgram> =>
      limited(800, `${args.join(' ')} --store d.db`, cwd);
    const listener = await startListener(begin);
    const statuses: number[] = [];
    for (let number = 0; statuses.filter((status) => status === 503).length < 3; number++) {
      statuses.push((await send(listener.url, { body: `{"number":${number},"text":"${'x'.repeat(20_000)}"}` })).status);
    }
    const warning = await listener.running.record(({ type }) => type === 'warning');
    expect(warning).toMatchObject({ code: 'store_unwritable', message: expect.stringMatching(/503 until it works again/) });
    expect((await listener.stop()).outcome.code).toBe(0);
    expect(await soundStore(cwd)).toHaveLength(statuses.filter((status) => status === 200).length);
  });

  it('import and prune end with a sentence and a next step', async () => {
    const cwd = temporaryFolder({ 'many.json': exported(400) });
    const said = async (blocks: number, args: string): Promise<[number | null, string]> => {
      const { code, stderr } = await limited(blocks, args, cwd).ended;
      return [code, stderr];
    };
    const sentence = /^error: The store \S+ could not be written: .*\n {7}Check the disk/;
    expect(await said(400, 'import many.json --store d.db')).toEqual([2, expect.stringMatching(sentence)]);
    await soundStore(cwd);
    await run(['import', 'many.json', '--store', 'e.db'], { cwd });
    expect(await said(100, 'prune --keep 1 --yes --store e.db')).toEqual([2, expect.stringMatching(sentence)]);
    expect((await run(['store', 'check', '--store', 'e.db'], { cwd })).code).toBe(0);
  });
});
