import { describe, expect, it } from 'vitest';
import { WebhookError } from '../../../src/core/errors.js';
import type { Tunnel } from '../../../src/io/tunnels/driver.js';
import {
  type Supervised,
  type SupervisorOptions,
  superviseTunnel,
  type TunnelEvent,
} from '../../../src/io/tunnels/supervisor.js';
import { type TestClock, testClock } from '../../support/clock.js';

const A = 'https://a.example';
const B = 'https://b.example';

interface FakeTunnel extends Tunnel {
  lose(reason: string): void;
  readonly closed: boolean;
}

function fakeTunnel(url: string, over: Partial<Tunnel> = {}): FakeTunnel {
  let lose = (_reason: string): void => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  let closed = false;
  return {
    url,
    lost,
    lose: (reason) => lose(reason),
    get closed() {
      return closed;
    },
    async close() {
      closed = true;
    },
    ...over,
  };
}

interface Stage {
  readonly clock: TestClock;
  /** What was told, and when. */
  readonly told: Array<readonly [at: number, event: TunnelEvent]>;
  readonly supervised: Supervised;
  /** When a look was made. */
  readonly looks: number[];
  /** The tunnels it had before, as each opening was told. */
  readonly again: Array<string | null>;
}

function usual({ elapsed, sleep }: TestClock): Omit<SupervisorOptions, 'name' | 'open' | 'reach' | 'on'> {
  const { signal } = new AbortController();
  return { keepsUrl: true, probeMs: 10_000, startMs: 15_000, signal, elapsed, sleep, random: () => 0.5 };
}

/**
 * @param open the tunnel of the first opening, the second and so on; an error: it cannot be opened.
 * @param reach what a look comes to; null: it comes through.
 */
async function stage(
  open: (count: number) => Tunnel | Error | Promise<Tunnel>,
  reach: (url: string, at: number, timeoutMs: number) => string | null | Promise<string | null> = () => null,
  over: Partial<SupervisorOptions> = {},
): Promise<Stage> {
  const clock = testClock();
  const told: Stage['told'] = [];
  const looks: number[] = [];
  const again: Stage['again'] = [];
  const supervised = await superviseTunnel({
    name: 'fake',
    async open(request) {
      again.push(request.again?.url ?? null);
      const opened = await open(again.length);
      if (opened instanceof Error) throw opened;
      return opened;
    },
    async reach(url, timeoutMs) {
      looks.push(clock.elapsed());
      return reach(url, clock.elapsed(), timeoutMs);
    },
    ...usual(clock),
    on: (event) => told.push([clock.elapsed(), event]),
    ...over,
  });
  return { clock, told, supervised, looks, again };
}

const types = ({ told }: Stage): string[] => told.map(([, { type }]) => type);

describe('opening', () => {
  it('tells nothing until it is watched, then that it is up, once', async () => {
    const one = await stage(() => fakeTunnel(A));
    await one.clock.pass(60_000);
    expect([one.told, one.looks, one.supervised.url]).toEqual([[], [], A]);
    one.supervised.watch();
    await one.clock.pass(60_000);
    expect(one.told.map(([, event]) => event)).toEqual([{ type: 'up', url: A }]);
    await one.supervised.close();
  });

  it('that fails the first time is an error', async () => {
    const failure = new WebhookError('tunnel_unavailable', 'No server.');
    await expect(stage(() => failure)).rejects.toBe(failure);
  });

  it('that takes too long is one too; a tunnel that comes after all is closed', async () => {
    const clock = testClock();
    let come = (_tunnel: Tunnel): void => {};
    const late = fakeTunnel(A);
    let signal: AbortSignal | null = null;
    const opening = superviseTunnel({
      name: 'slow',
      open: (request) => {
        signal = request.signal;
        return new Promise((resolve) => {
          come = resolve;
        });
      },
      reach: async () => null,
      ...usual(clock),
      on: () => {},
    });
    const outcome = expect(opening).rejects.toMatchObject({
      code: 'tunnel_unavailable',
      message: 'slow gave no URL within 15 s.',
    });
    await clock.pass(15_000);
    await outcome;
    expect(signal).toMatchObject({ aborted: true });
    come(late);
    await clock.pass(0);
    expect(late.closed).toBe(true);
  });

  it('is given up when the program is to end', async () => {
    const ending = new AbortController();
    const opening = stage(() => new Promise<Tunnel>(() => {}), undefined, { signal: ending.signal });
    ending.abort();
    await expect(opening).rejects.toMatchObject({ code: 'tunnel_unavailable' });
  });
});

describe('a tunnel that says that it is gone', () => {
  it('is closed and opened again, the same URL being asked for', async () => {
    const tunnels = [fakeTunnel(A), fakeTunnel(A)];
    const one = await stage((count) => tunnels[count - 1] as Tunnel);
    one.supervised.watch();
    await one.clock.pass(100);
    tunnels[0]?.lose('The server is gone.');
    await one.clock.pass(199);
    expect(one.told.at(-1)).toEqual([100, { type: 'down', url: A, reason: 'The server is gone.' }]);
    expect([tunnels[0]?.closed, one.again]).toEqual([true, [null]]);
    await one.clock.pass(1);
    expect(one.again).toEqual([null, A]);
    expect(one.told.at(-1)).toEqual([300, { type: 'up', url: A }]);
    await one.supervised.close();
    expect(tunnels[1]?.closed).toBe(true);
  });

  it('is tried again and again, ever less often, and each failure is told', async () => {
    const first = fakeTunnel(A);
    const one = await stage((count) =>
      count === 1 || count > 10 ? (count === 1 ? first : fakeTunnel(A)) : new Error('No server.'),
    );
    one.supervised.watch();
    await one.clock.pass(0);
    first.lose('Gone.');
    await one.clock.pass(120_000);
    const waits = one.told.flatMap(([, event]) => (event.type === 'retry' ? [event.waitMs] : []));
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000]);
    expect(types(one)).toEqual(['up', 'down', ...waits.map(() => 'retry'), 'up']);
    expect(one.again.slice(1)).toEqual(one.again.slice(1).map(() => A));
    await one.supervised.close();
  });

  it('and comes back with another URL: that is told, and asked for from then on', async () => {
    const tunnels = [fakeTunnel(A), fakeTunnel(B), fakeTunnel(B)];
    const one = await stage((count) => tunnels[count - 1] as Tunnel);
    one.supervised.watch();
    await one.clock.pass(0);
    tunnels[0]?.lose('Gone.');
    await one.clock.pass(1_000);
    expect(one.told.at(-1)?.[1]).toEqual({ type: 'changed', url: B, before: A });
    expect(one.supervised.url).toBe(B);
    await one.clock.pass(10_000);
    tunnels[1]?.lose('Gone.');
    await one.clock.pass(1_000);
    expect(one.told.slice(-2).map(([, event]) => event)).toEqual([
      { type: 'down', url: B, reason: 'Gone.' },
      { type: 'up', url: B },
    ]);
    expect(one.again).toEqual([null, A, B]);
    await one.supervised.close();
  });

  it.each([
    ['carries requests', null, ['up', 'down']],
    ['has never carried one', 'The name is not known.', ['unproven', 'down']],
  ] as const)('and %s is opened ever less often where it is gone each time right after', async (_, problem, begins) => {
    const first = fakeTunnel(A);
    const one = await stage(
      (count) => {
        const tunnel = count === 1 ? first : fakeTunnel(A);
        if (count > 1 && count < 10) tunnel.lose('Gone.');
        return tunnel;
      },
      () => problem,
    );
    one.supervised.watch();
    await one.clock.pass(20_000);
    first.lose('Gone.');
    await one.clock.pass(70_000);
    const waits = one.told.flatMap(([, event]) => (event.type === 'retry' ? [event.waitMs] : []));
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
    expect(types(one).filter((type) => type !== 'retry')).toEqual([...begins, 'up']);
    await one.supervised.close();
  });
});

describe('a tunnel that says nothing', () => {
  it.each([4_000, 10_000, 60_000])('and swallows requests is noticed within the interval of %i ms', async (probeMs) => {
    let silentFrom = Number.POSITIVE_INFINITY;
    const opened: FakeTunnel[] = [];
    const one = await stage(
      () => {
        opened.push(fakeTunnel(A));
        return opened.at(-1) as Tunnel;
      },
      async (_url, at, timeoutMs) => {
        if (at < silentFrom || opened.length > 1) return null;
        await one.clock.sleep(timeoutMs);
        return 'It did not answer.';
      },
      { probeMs },
    );
    one.supervised.watch();
    await one.clock.pass(1.5 * probeMs);
    silentFrom = one.clock.elapsed();
    await one.clock.pass(probeMs + 1_000);
    expect(types(one)).toEqual(['up', 'down', 'up']);
    const down = one.told.find(([, { type }]) => type === 'down');
    expect((down?.[0] ?? Number.NaN) - silentFrom).toBeLessThanOrEqual(probeMs);
    expect(down?.[1]).toMatchObject({ reason: 'It did not answer.' });
    await one.supervised.close();
  });

  it('with a short interval is looked at so often, with pauses between', async () => {
    const one = await stage(() => fakeTunnel(A), undefined, { probeMs: 200 });
    one.supervised.watch();
    await one.clock.pass(1_000);
    expect(one.looks).toEqual([0, 200, 400, 600, 800, 1_000]);
    await one.supervised.close();
  });

  it('and fails one look is no loss', async () => {
    const one = await stage(
      () => fakeTunnel(A),
      (_url, at) => (at === 5_000 ? 'Somebody else answers there, with 502.' : null),
    );
    one.supervised.watch();
    await one.clock.pass(60_000);
    expect(types(one)).toEqual(['up']);
    expect(one.again).toEqual([null]);
    await one.supervised.close();
  });

  it('and has never carried a request may be fine: it is told once that nobody knows, and left alone', async () => {
    const one = await stage(
      () => fakeTunnel(A),
      (_url, at) => (at < 60_000 ? 'The name is not known.' : null),
    );
    one.supervised.watch();
    await one.clock.pass(50_000);
    expect(one.told.map(([, event]) => event)).toEqual([{ type: 'unproven', url: A, reason: 'The name is not known.' }]);
    await one.clock.pass(30_000);
    expect(types(one)).toEqual(['unproven', 'up']);
    expect(one.again).toEqual([null]);
    await one.supervised.close();
  });

  it('and is lost while nobody knows is up again once it is open, and nobody knows as before', async () => {
    const tunnels = [fakeTunnel(A), fakeTunnel(A), fakeTunnel(B)];
    const one = await stage(
      (count) => tunnels[count - 1] as Tunnel,
      () => 'The name is not known.',
    );
    one.supervised.watch();
    await one.clock.pass(20_000);
    tunnels[0]?.lose('The server is gone.');
    await one.clock.pass(20_000);
    expect(one.told.slice(1)).toEqual([
      [20_000, { type: 'down', url: A, reason: 'The server is gone.' }],
      [25_200, { type: 'up', url: A }],
    ]);
    tunnels[1]?.lose('The server is gone.');
    await one.clock.pass(20_000);
    expect(types(one)).toEqual(['unproven', 'down', 'up', 'down', 'changed', 'unproven']);
    await one.supervised.close();
  });

  it('and would get another URL is given a minute to recover', async () => {
    const recovering = (from: number, to: number) => (_url: string, at: number) => (at >= from && at < to ? 'No.' : null);
    const patient = await stage(() => fakeTunnel(A), recovering(5_000, 50_000), { keepsUrl: false });
    patient.supervised.watch();
    await patient.clock.pass(100_000);
    expect([types(patient), patient.again]).toEqual([['up', 'down', 'up'], [null]]);
    await patient.supervised.close();

    const gone = await stage(
      (count) => fakeTunnel(count === 1 ? A : B),
      (url) => (url === A && gone.clock.elapsed() >= 5_000 ? 'No.' : null),
      {
        keepsUrl: false,
      },
    );
    gone.supervised.watch();
    await gone.clock.pass(100_000);
    expect(types(gone)).toEqual(['up', 'down', 'changed']);
    await gone.supervised.close();
  });

  it('and watches itself is not looked at', async () => {
    const one = await stage(
      () => fakeTunnel(A, { selfWatching: true }),
      () => 'No.',
    );
    one.supervised.watch();
    await one.clock.pass(60_000);
    expect([types(one), one.looks]).toEqual([['up'], []]);
    await one.supervised.close();
  });
});

describe('ending', () => {
  it('rests: it is looked after no more, and stays open', async () => {
    const tunnel = fakeTunnel(A);
    const one = await stage(() => tunnel);
    one.supervised.watch();
    await one.clock.pass(0);
    one.supervised.rest();
    tunnel.lose('Gone.');
    await one.clock.pass(60_000);
    expect([types(one), one.looks, tunnel.closed]).toEqual([['up'], [0], false]);
    await one.supervised.close();
    expect(tunnel.closed).toBe(true);
  });

  it('does not wait for a tunnel that cannot be closed', async () => {
    const one = await stage(() => fakeTunnel(A, { close: () => new Promise(() => {}) }));
    one.supervised.watch();
    const closed = one.supervised.close();
    await one.clock.pass(3_000);
    await closed;
  });

  it('in the middle of opening again leaves nothing open', async () => {
    const first = fakeTunnel(A);
    let come = (_tunnel: Tunnel): void => {};
    const one = await stage((count) =>
      count === 1
        ? first
        : new Promise<Tunnel>((resolve) => {
            come = resolve;
          }),
    );
    one.supervised.watch();
    await one.clock.pass(0);
    first.lose('Gone.');
    await one.clock.pass(200);
    const closing = one.supervised.close();
    const second = fakeTunnel(A);
    come(second);
    await closing;
    await one.clock.pass(0);
    expect([first.closed, second.closed]).toEqual([true, true]);
  });
});
