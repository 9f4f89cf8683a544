import { describe, expect, it } from 'vitest';
import { see } from './fake-terminal.js';

describe('a tunnel that goes and comes', () => {
  it('is a line each, with the reason folded under it', async () => {
    const reason = 'The tunnel server is gone. Nothing listens on lt.localhost:43125 (connection refused).';
    const { err } = await see(60, (renderer) => {
      renderer.tunnel({ state: 'up', url: 'https://a.example', reason: null });
      renderer.tunnel({ state: 'down', url: 'https://a.example', reason });
    });
    expect(err).toMatchInlineSnapshot(`
      "
        14:05:11  tunnel up  https://a.example
        14:05:11  tunnel down  https://a.example
                  The tunnel server is gone. Nothing listens on
                  lt.localhost:43125 (connection refused).
      "
    `);
  });

  it('with another URL: that one alone on its line, and nothing in it drives the terminal', async () => {
    const { err } = await see(60, (renderer) =>
      renderer.tunnel({ state: 'changed', url: 'https://b.example/\x1b[2J', reason: 'Paste it into Acme: Settings → Webhooks' }),
    );
    expect(err).toMatchInlineSnapshot(`
      "

        the public URL has changed

          https://b.example/\\x1b[2J

        Paste it into Acme: Settings → Webhooks

      "
    `);
  });
});

it('a queue says what waits, folded to the terminal', async () => {
  const target = 'http://localhost:3000/webhooks/orders';
  const { err } = await see(60, (renderer) => {
    renderer.queue({ state: 'waiting', target, waiting: 1, againMs: null });
    renderer.queue({ state: 'waiting', target, waiting: 20, againMs: null });
    renderer.queue({ state: 'waiting', target, waiting: 1, againMs: 60_000 });
    renderer.queue({ state: 'waiting', target, waiting: 20, againMs: 1_000 });
    renderer.queue({ state: 'delivering', target, waiting: 1, back: true });
    renderer.queue({ state: 'delivering', target, waiting: 20, back: false });
    renderer.queue({ state: 'empty', target, waiting: 0, failed: 0 });
    renderer.queue({ state: 'empty', target, waiting: 0, failed: 2 });
  });
  expect(err.split('\n').filter((line) => line.length > 60)).toEqual([]);
  expect(err).toMatchInlineSnapshot(`
    "
      14:05:11  1 delivery waits for
                http://localhost:3000/webhooks/orders, which is
                down
      14:05:11  20 deliveries wait for
                http://localhost:3000/webhooks/orders, which is
                down
      14:05:11  1 delivery waits for
                http://localhost:3000/webhooks/orders, which
                gets it again in 1 min
      14:05:11  20 deliveries wait for
                http://localhost:3000/webhooks/orders, which
                gets the first again in 1 s
      14:05:11  http://localhost:3000/webhooks/orders is back,
                and gets the delivery that waited for it
      14:05:11  http://localhost:3000/webhooks/orders gets the
                20 deliveries that waited for it
      14:05:11  nothing waits for
                http://localhost:3000/webhooks/orders any more
      14:05:11  nothing waits for
                http://localhost:3000/webhooks/orders any more,
                but it did not take 2 of what did
    "
  `);
});

describe('a QR code', () => {
  const small = [
    [true, false, true],
    [false, false, true],
    [true, true, false],
  ];
  const light = Array.from({ length: 37 }, () => Array<boolean>(37).fill(false));

  /** What stands between the public URL and the banner, on a terminal of so many columns. */
  async function drawn(qr: boolean[][], columns: number | null, lang = 'en_US.UTF-8'): Promise<string[]> {
    const nothing = { provider: null, secretCount: 0, store: null, targets: [], note: null };
    const { err } = await see(
      columns,
      (renderer) => renderer.ready({ url: 'http://127.0.0.1:4400', publicUrl: 'https://a.example', qr, ...nothing }),
      { env: { LANG: lang, TERM: lang === 'C' ? 'linux' : 'xterm-256color' } },
    );
    return (/https:\/\/a\.example\n\n(.*)\n\n {2}webhook /s.exec(err)?.[1] ?? '').split('\n');
  }

  it('draws what is light, two rows a line', async () => {
    expect(await drawn(small, 80)).toEqual(['    ▄█', '      ▀']);
  });

  it('is twice as wide without Unicode', async () => {
    expect(await drawn(small, 80, 'C')).toEqual(['      ##', '    ####', '        ##']);
  });

  it('gives up its indent where it does not fit with it', async () => {
    expect(new Set((await drawn(light, 41)).slice(0, -1))).toEqual(new Set([`    ${'█'.repeat(37)}`]));
    expect(new Set((await drawn(light, 40)).slice(0, -1))).toEqual(new Set([`   ${'█'.repeat(37)}`]));
    expect(new Set(await drawn(light, 74, 'C'))).toEqual(new Set(['#'.repeat(74)]));
    expect((await drawn(light, null))[0]).toBe(`    ${'█'.repeat(37)}`);
  });

  it('is not drawn where it would be folded', async () => {
    expect(await drawn(light, 73, 'C')).toEqual(['    The terminal is too narrow for the QR code (74 columns).']);
    const large = Array.from({ length: 41 }, () => Array<boolean>(41).fill(false));
    expect(await drawn(large, 40)).toEqual(['    The terminal is too narrow for the', '    QR code (41 columns).']);
  });
});

it('drivers are listed with what they need, and whether they are ready', async () => {
  const traits = { bytesExact: true, repliesPass: true, urlStable: 'asked', account: false, plaintextHop: true } as const;
  const unknown = { bytesExact: null, repliesPass: null, urlStable: null, account: null, plaintextHop: null };
  const { out } = await see(72, (renderer) =>
    renderer.tunnels([
      {
        name: 'one',
        summary: 'a URL from somewhere',
        needs: 'nothing; --tunnel-host for another',
        traits,
        ready: true,
        detail: 'built in',
      },
      {
        name: 'two',
        summary: 'any program',
        needs: '--tunnel-command',
        traits: unknown,
        ready: false,
        detail: 'two is not on the PATH, nor in any other place where it was looked for',
      },
    ]),
  );
  expect(out).toMatchInlineSnapshot(`
    "
    ✓ one  built in
        a URL from somewhere
        needs   nothing; --tunnel-host for another
        traits  bytes exact · replies pass · same URL when asked for · no
                account · unencrypted on the way here

    ○ two  two is not on the PATH, nor in any other place where it was
        looked for
        any program
        needs   --tunnel-command
        traits  those of what you use
    "
  `);
});
