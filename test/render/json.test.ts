import { describe, expect, it } from 'vitest';
import { deliveryToJson } from '../../src/core/delivery/json.js';
import standardWebhooks from '../../src/core/providers/catalogue/standard-webhooks.js';
import { createRenderer } from '../../src/render/create.js';
import type { Renderer } from '../../src/render/renderer.js';
import { AT, delivery, fakeStream, INVALID, responded } from './fake-terminal.js';

async function record(
  use: (renderer: Renderer) => void | Promise<void>,
): Promise<{ out: unknown[]; err: unknown[]; text: string }> {
  const stdout = fakeStream(80);
  const stderr = fakeStream(80);
  const renderer = await createRenderer({
    stdout,
    stderr,
    env: {},
    json: true,
    color: true,
    quiet: false,
    showSecrets: false,
    now: () => AT,
  });
  await use(renderer);
  await renderer.flush();
  const parse = (text: string): unknown[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  return { out: parse(stdout.text()), err: parse(stderr.text()), text: stdout.text() };
}

describe('the renderer for programs', () => {
  it('writes what listen says, one object a line, and nothing else', async () => {
    const { out, err } = await record((renderer) => {
      renderer.ready({
        url: 'http://127.0.0.1:4400',
        publicUrl: null,
        qr: null,
        provider: null,
        secretCount: 1,
        store: '/x/d.db',
        targets: [],
        note: 'n',
      });
      renderer.info('for people');
      renderer.progress('for people').update('too');
      renderer.tunnel({ state: 'up', url: 'https://x.example', reason: null });
      renderer.challenge({
        delivery: delivery(),
        name: 'verification_token',
        outcome: 'answered',
        note: null,
        secret: { value: 'secret_1', used: true },
        confirm: { url: 'https://a.test', outcome: responded(200, 1) },
      });
      renderer.warning({ code: 'w', message: 'Careful.', hint: 'h' });
      renderer.listenSummary({ received: 1, valid: 1, invalid: 0, unchecked: 0, duplicates: 0, forwarded: 1, failed: 0 });
    });
    expect(out).toEqual([
      { type: 'ready', url: 'http://127.0.0.1:4400', publicUrl: null, provider: null, store: '/x/d.db' },
      { type: 'tunnel', state: 'up', url: 'https://x.example' },
      {
        type: 'challenge',
        name: 'verification_token',
        outcome: 'answered',
        note: null,
        secret: 'secret_1',
        confirmUrl: 'https://a.test',
        confirmed: true,
        delivery: deliveryToJson(delivery()),
      },
      { type: 'warning', code: 'w', message: 'Careful.' },
      { type: 'summary', received: 1, valid: 1, invalid: 0, unchecked: 0, duplicates: 0, forwarded: 1, failed: 0 },
    ]);
    expect(err).toEqual([]);
  });

  it('writes deliveries that come together each as it is', async () => {
    const two = [delivery(), { ...delivery(), id: 'dlv_2', event: 'of.another.length' }];
    const { out } = await record((renderer) => renderer.deliveries(two));
    expect(out).toEqual(two.map(deliveryToJson));
  });

  it('writes deliveries in full, also as attempts, in lists and alone', async () => {
    const one = delivery({ attempts: [responded(200, 11.2)] });
    const { out } = await record(async (renderer) => {
      renderer.delivery(one, { print: new Set() });
      renderer.attempt(one, responded(200, 11.2), { ok: true, why: null });
      renderer.show(one);
      await renderer.deliveries([one, one]);
      renderer.sendSummary({ sent: 1, ok: 1, failed: 0, durationMs: 12 });
    });
    const body = out[2];
    expect(body).toMatchObject({
      id: one.id,
      receivedAt: '2026-11-22T14:02:11.123Z',
      request: { path: '/hooks?x=1', bodyEncoding: 'utf8' },
    });
    expect(out).toEqual([
      { type: 'delivery', delivery: body },
      { type: 'attempt', delivery: body },
      body,
      body,
      body,
      { type: 'summary', sent: 1, ok: 1, failed: 0, durationMs: 12 },
    ]);
  });

  it('writes requests, signatures, verdicts and errors', async () => {
    const { out, err } = await record((renderer) => {
      renderer.request({ method: 'POST', url: 'http://h/', headers: [['A', 'b']], body: Uint8Array.of(0xff) });
      renderer.signedHeaders([['X-Signature', 'abc']]);
      renderer.verdict(INVALID, { provider: 'connect2print', event: 'order.created' });
      renderer.error({ code: 'usage', message: 'No.', hint: 'Do.' });
    });
    expect(out).toEqual([
      { type: 'request', url: 'http://h/', method: 'POST', headers: [['A', 'b']], body: '/w==', bodyEncoding: 'base64' },
      { headers: [['X-Signature', 'abc']] },
      { ...INVALID, provider: 'connect2print' },
    ]);
    expect(err).toEqual([{ type: 'error', code: 'usage', message: 'No.', hint: 'Do.' }]);
  });

  it('writes providers and events with all their facts', async () => {
    const { out } = await record((renderer) => {
      renderer.provider(standardWebhooks);
      renderer.events([{ provider: 'p', event: 'e', summary: 's' }]);
    });
    expect(out[0]).toMatchObject({
      name: 'standard-webhooks',
      schemes: [
        { id: 'v1', kind: 'hmac' },
        { id: 'v1a', kind: 'ed25519' },
      ],
    });
    expect(out[1]).toEqual({ provider: 'p', event: 'e', summary: 's' });
  });

  it('holds nothing that a terminal would obey, and still says the same', async () => {
    const event = 'x\x9b2J\u202e\u2028\x1b';
    const { text, out } = await record((renderer) => renderer.delivery(delivery({ event }), { print: new Set() }));
    expect(text).toMatch(/^[^\p{Cc}\u2028\u202e]*\n$/u);
    expect(out).toMatchObject([{ delivery: { event } }]);
  });
});
