/** A clock that is set back, or far ahead, while it listens. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';
import { invoke, startHere } from '../support/invoke.js';
import { startListener } from '../support/listener.js';
import { ndjson } from '../support/running.js';
import { send } from '../support/send.js';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;

describe('a clock that jumps', () => {
  it('leaves ids in the order of arrival, each once, and no duration below zero', async () => {
    const cwd = temporaryFolder({ 'package.json': '{}' });
    const app = await startApp();
    let clock = NOON;
    const start = (args: readonly string[], options = {}) => startHere(args, { ...options, now: () => clock });
    const listener = await startListener(start, ['--forward-to', app.url], { cwd });
    const jumps = [0, -HOUR, -HOUR, 2 * HOUR, -24 * HOUR, 1, 0];
    for (const [number, jump] of jumps.entries()) {
      clock += jump;
      expect((await send(`${listener.url}/${number}`, { body: '{}' })).status).toBe(200);
    }
    const told = await listener.deliveries(jumps.length);
    await listener.stop();
    const paths = jumps.map((_, number) => `/${number}`);
    const ids = told.map(({ id }) => id);
    expect(told.map(({ request }) => request.path)).toEqual(paths);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(jumps.length);
    for (const { response, attempts } of told) {
      expect(response.durationMs).toBeGreaterThanOrEqual(0);
      expect(attempts[0].durationMs).toBeGreaterThanOrEqual(0);
    }
    // What is listed is in the order of arrival, and time selects by what the clock said.
    const list = async (...args: string[]) =>
      ndjson((await invoke(['list', '--json', ...args], { cwd, now: () => NOON })).stdout);
    expect((await list()).map(({ request }) => request.path)).toEqual(paths);
    const since = (await list('--since', new Date(NOON - 30 * 60_000).toISOString())).map(({ request }) => request.path);
    expect(since).toEqual(['/0', '/3']);
    expect((await list('--until', new Date(NOON - 12 * HOUR).toISOString())).map(({ request }) => request.path)).toEqual([
      '/4',
      '/5',
      '/6',
    ]);
  });

  it('makes a signed time invalid while it is wrong, and valid again once it is right', async () => {
    const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    let clock = NOON;
    const start = (args: readonly string[], options = {}) => startHere(args, { ...options, now: () => clock });
    const env = { WEBHOOK_SECRET: `whsec_${secret}` };
    const listener = await startListener(start, ['--provider', 'standard-webhooks', '--no-save'], { env });
    const answer = async (): Promise<string> => {
      const time = String(NOON / 1_000);
      const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(`msg_1.${time}.{}`).digest('base64');
      const headers = [
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', time],
        ['webhook-signature', `v1,${signature}`],
      ] as const;
      await send(listener.url, { headers, body: '{}' });
      const { verdict } = (await listener.deliveries(++count)).at(-1);
      return verdict.reason ?? verdict.status;
    };
    let count = 0;
    expect(await answer()).toBe('valid');
    clock = NOON - 2 * HOUR;
    expect(await answer()).toBe('timestamp_in_future');
    clock = NOON + 2 * HOUR;
    expect(await answer()).toBe('timestamp_too_old');
    clock = NOON;
    expect(await answer()).toBe('valid');
  });
});
