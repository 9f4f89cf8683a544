import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpRequest } from '../../../src/core/http/message.js';
import { createProbe, type Probe } from '../../../src/io/tunnels/probe.js';
import { type App, startApp } from '../../support/app.js';
import { freePort } from '../../support/tunnel-server.js';

function probe(): Probe {
  const made = createProbe(randomBytes);
  onTestFinished(made.close);
  return made;
}

const never = new AbortController().signal;

/** A listener that answers looks of these probes, and 404 else. */
const listener = (...probes: readonly Probe[]): Promise<App> =>
  startApp(({ method, path, headers, body }, response) => {
    const request: HttpRequest = { method, path, headers, body };
    const answer = probes.map((one) => one.answer(request)).find((one) => one !== null);
    if (answer === undefined) response.writeHead(404).end('nothing here');
    else response.writeHead(answer.status, answer.headers.flat()).end(answer.body);
  });

describe('a look through a public URL', () => {
  it('comes through where its own listener answers, below a path of a proxy too', async () => {
    const one = probe();
    const { url, requests } = await listener(one);
    expect(await one.reach(url, 5_000, never)).toBe(null);
    expect(await one.reach(`${url}/`, 5_000, never)).toBe(null);
    expect(await one.reach(`${url}/base`, 5_000, never)).toBe(null);
    expect(requests.map(({ path }) => path.replace(/[0-9a-f]{32}/, '*'))).toEqual([
      '/.webhook-probe-*',
      '/.webhook-probe-*',
      '/base/.webhook-probe-*',
    ]);
    // Some tunnels put a page of their own before what could be a browser.
    expect(requests[0]?.header('bypass-tunnel-reminder')).toEqual(['1']);
  });

  it('does not where somebody else answers, one of our own kind too', async () => {
    const one = probe();
    expect(await one.reach((await listener()).url, 5_000, never)).toBe('Somebody else answers there, with 404.');
    expect(await one.reach((await listener(probe())).url, 5_000, never)).toBe('Somebody else answers there, with 404.');
    const mirror = await startApp(({ path }, response) => response.end(path));
    expect(await one.reach(mirror.url, 5_000, never)).toBe('Somebody else answers there, with 200.');
  });

  it('does not where nobody answers, or not in time, or it is given up', async () => {
    const one = probe();
    expect(await one.reach(`http://127.0.0.1:${await freePort()}`, 5_000, never)).toContain('connection refused');
    const silent = await startApp(() => {});
    expect(await one.reach(silent.url, 20, never)).not.toBe(null);
    const given = new AbortController();
    const looking = one.reach(silent.url, 60_000, given.signal);
    await silent.received(2);
    given.abort();
    expect(await looking).not.toBe(null);
  });
});

describe('a delivery', () => {
  it.each([
    ['POST', (path: string) => path],
    ['GET', (path: string) => `${path}?x=1`],
    ['GET', (path: string) => path.slice(0, -1)],
    ['GET', () => '/'],
    ['GET', () => '/.webhook-probe-'],
  ])('is none of ours: %s, case %#', async (method, change) => {
    const one = probe();
    const { url, requests } = await listener(one);
    await one.reach(url, 5_000, never);
    const path = change(requests[0]?.path ?? '');
    expect(one.answer({ method, path, headers: [], body: new Uint8Array() })).toBe(null);
  });
});
