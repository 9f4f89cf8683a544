import { describe, expect, it } from 'vitest';
import { qrLines } from '../../src/render/tunnel.js';
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
    renderer.queue({ state: 'waiting', target, waiting: 1 });
    renderer.queue({ state: 'waiting', target, waiting: 20 });
    renderer.queue({ state: 'delivering', target, waiting: 1 });
    renderer.queue({ state: 'delivering', target, waiting: 20 });
    renderer.queue({ state: 'empty', target, waiting: 0 });
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
      14:05:11  http://localhost:3000/webhooks/orders is back
                and gets what waited
      14:05:11  http://localhost:3000/webhooks/orders is back
                and gets the 20 deliveries that waited
      14:05:11  http://localhost:3000/webhooks/orders has got
                all that waited for it
    "
  `);
});

describe('a QR code', () => {
  const modules = [
    [true, false, true],
    [false, false, true],
    [true, true, false],
  ];

  it('draws what is light, two rows a line', () => {
    const text = qrLines(modules, true).map((line) => line.map(([part]) => part).join(''));
    expect(text).toEqual(['    ▄█ ', '      ▀']);
  });

  it('is twice as wide without Unicode', () => {
    const text = qrLines(modules, false).map((line) => line.map(([part]) => part).join(''));
    expect(text).toEqual(['      ##  ', '    ####  ', '        ##']);
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
        detail: 'two is not on the PATH',
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

    ○ two  two is not on the PATH
        any program
        needs   --tunnel-command
        traits  those of what you use
    "
  `);
});
