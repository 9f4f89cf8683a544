import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { packedProgram, startProgram } from '../support/program.js';
import { send } from '../support/send.js';
import { freePort } from '../support/tunnel-server.js';

/** Starts a `forward` that queues for a target; it can be killed as only a process can be. */
function start(cwd: string, target: string): ReturnType<typeof startProgram> {
  const tunnel = [
    '--tunnel',
    'command',
    '--tunnel-command',
    'echo http://127.0.0.1:{port}; exec sleep 600',
    '--tunnel-pattern',
    '.+',
  ];
  const args = ['forward', target, '--json', '--port', '0', '--queue', '--store', `${cwd}/d.db`, ...tunnel];
  return startProgram(process.execPath, [packedProgram(), ...args], { cwd });
}

describe.skipIf(process.platform === 'win32')('a queue outlives its program', () => {
  it('killed while the app is down: all that was acknowledged arrives, once, in order', { timeout: 60_000 }, async () => {
    const cwd = temporaryFolder();
    const port = await freePort();
    const target = `http://127.0.0.1:${port}`;
    const first = start(cwd, target);
    const { url } = await first.record(({ type }) => type === 'ready');
    for (let n = 0; n < 20; n++) expect((await send(url, { body: String(n) })).status).toBe(202);
    first.send('SIGKILL');
    await first.ended;

    const app = await startApp(undefined, port);
    const second = start(cwd, target);
    await second.record(({ type, state }) => type === 'queue' && state === 'empty');
    expect(app.requests.map(({ body }) => body.toString())).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect(second.records.filter(({ code }) => code === 'maybe_delivered_twice')).toEqual([]);
    second.send('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  it('the app goes and comes while it runs: all arrives, once, in order', async () => {
    const cwd = temporaryFolder();
    const first = await startApp();
    const running = start(cwd, first.url);
    const { publicUrl } = await running.record(({ type }) => type === 'ready');
    const statuses: number[] = [];
    const post = async (n: number): Promise<void> => void statuses.push((await send(publicUrl, { body: String(n) })).status);
    await post(0);
    await first.close();
    for (const n of [1, 2, 3]) await post(n);
    const second = await startApp(undefined, Number(new URL(first.url).port));
    await running.record(({ type, state }) => type === 'queue' && state === 'empty');
    await post(4);
    expect(statuses).toEqual([200, 202, 202, 202, 200]);
    expect([...first.requests, ...second.requests].map(({ body }) => body.toString())).toEqual(['0', '1', '2', '3', '4']);
    expect(running.records.filter(({ code }) => code === 'maybe_delivered_twice')).toEqual([]);
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(running.records.at(-1)).toMatchObject({ type: 'summary', received: 5, forwarded: 5, failed: 0 });
  });

  it('killed while it hands one on: that one comes again, and it is said so', { timeout: 60_000 }, async () => {
    const cwd = temporaryFolder();
    const port = await freePort();
    const target = `http://127.0.0.1:${port}`;
    const first = start(cwd, target);
    const { url } = await first.record(({ type }) => type === 'ready');
    for (let n = 0; n < 3; n++) expect((await send(url, { body: String(n) })).status).toBe(202);
    // It never answers: the first one is under way when the program is killed.
    const hanging = await startApp(() => {}, port);
    await hanging.received(1);
    first.send('SIGKILL');
    await first.ended;
    await hanging.close();

    const app = await startApp(undefined, port);
    const second = start(cwd, target);
    await second.record(({ type, state }) => type === 'queue' && state === 'empty');
    expect(app.requests.map(({ body }) => body.toString())).toEqual(['0', '1', '2']);
    const said = second.records.filter(({ code }) => code === 'maybe_delivered_twice');
    expect(said).toHaveLength(1);
    const attempts = second.records.filter(({ type }) => type === 'attempt');
    expect(attempts.map(({ delivery }) => delivery.attempts.at(-1).replay)).toEqual([true, false, false]);
    second.send('SIGTERM');
    await second.ended;
  });
});
