import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../src/core/delivery/delivery.js';
import { summaryOf } from '../../src/core/delivery/summary.js';
import connect2print from '../../src/core/providers/catalogue/connect2print.js';
import standardWebhooks from '../../src/core/providers/catalogue/standard-webhooks.js';
import { createRenderer } from '../../src/render/create.js';
import type { PrintPart, Renderer } from '../../src/render/renderer.js';
import { AT, answer, delivery, fakeStream, INVALID, REFUSED, responded, see, UNCHECKED } from './fake-terminal.js';

const NOTHING: ReadonlySet<PrintPart> = new Set();

function widestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** What comes in while somebody listens. */
function listening(renderer: Renderer): void {
  const view = { print: NOTHING };
  renderer.ready({
    url: 'http://127.0.0.1:4400',
    publicUrl: null,
    qr: null,
    provider: 'connect2print',
    secretCount: 1,
    store: '/home/me/shop/.webhook/deliveries.db',
    targets: ['http://localhost:3000/webhooks'],
    note: null,
  });
  renderer.delivery(delivery({ attempts: [responded(200, 11.2)] }), view);
  renderer.delivery(delivery({ event: 'order.updated', verdict: INVALID, response: answer(401, 0.2) }), view);
  renderer.delivery(
    delivery({ event: 'stock.low', verdict: UNCHECKED, attempts: [responded(500, 229)], response: answer(500, 230) }),
    view,
  );
  renderer.delivery(delivery({ event: 'production.job.completed', attempts: [REFUSED], response: answer(502, 2) }), view);
  renderer.delivery(
    delivery({ duplicateOf: 'dlv_01KAPQ7T000XABCDEFGHJKMNPQ', attempts: [responded(200, 8)], response: answer(200, 8) }),
    view,
  );
  renderer.delivery(delivery({ event: null, eventId: null, provider: null, response: answer(200, 1_520) }), view);
  const second = { ...responded(503, 40), target: 'http://localhost:3001/orders' };
  const long = { event: 'customer.subscription.pending_update_applied', response: answer(200, 9) };
  renderer.delivery(delivery({ ...long, attempts: [responded(200, 8.5), second] }), view);
}

describe('listen', () => {
  it('is a pleasure to read in 80 columns', async () => {
    const { out, err } = await see(80, listening, { cwd: '/home/me/shop' });
    expect(err).toMatchInlineSnapshot(`
      "
        webhook  listening on http://127.0.0.1:4400
                 connect2print, signatures checked · kept in .webhook/deliveries.db
                 forwarding to http://localhost:3000/webhooks

      "
    `);
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 200        12 ms
        14:02:11  ✗ order.updated             dlv_01KAPQ7V000X    401        <1 ms
                    signature does not match: a number was rewritten: 499.00 became
                    499 (data.order.total).
        14:02:11  ○ stock.low                 dlv_01KAPQ7V000X  → 500       230 ms
                    not checked: no secret
        14:02:11  ✓ production.job.completed  dlv_01KAPQ7V000X  → refused     2 ms
                    502 to the sender: Nothing listens on localhost:3000 (connection
                    refused).
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 200         8 ms
                    (again: same id as dlv_01KAPQ7T000X)
        14:02:11  ✓ POST /hooks?x=1           dlv_01KAPQ7V000X    200        1.5 s
        14:02:11  ✓ customer.subscription.pending_update_applied  → 200         9 ms
                    → 503 from http://localhost:3001/orders in 40 ms
      "
    `);
    expect(widestLine(out + err)).toBeLessThanOrEqual(80);
  });

  it('is a pleasure to read in 120 columns', async () => {
    const { out, err } = await see(120, listening, { cwd: '/home/me/shop' });
    expect(err).toMatchInlineSnapshot(`
      "
        webhook  listening on http://127.0.0.1:4400 · connect2print, signatures checked · kept in .webhook/deliveries.db
                 forwarding to http://localhost:3000/webhooks

      "
    `);
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f   → 200        12 ms
        14:02:11  ✗ order.updated             dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f     401        <1 ms
                    signature does not match: a number was rewritten: 499.00 became 499 (data.order.total).
        14:02:11  ○ stock.low                 dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f   → 500       230 ms  not checked: no secret
        14:02:11  ✓ production.job.completed  dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f   → refused     2 ms
                    502 to the sender: Nothing listens on localhost:3000 (connection refused).
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f   → 200         8 ms
                    (again: same id as dlv_01KAPQ7T000X)
        14:02:11  ✓ POST /hooks?x=1           dlv_01KAPQ7V000X                      200        1.5 s
        14:02:11  ✓ customer.subscription.pending_update_applied  dlv_01KAPQ7V000X  wh_1a2b3c4d5e6f   → 200         9 ms
                    → 503 from http://localhost:3001/orders in 40 ms
      "
    `);
    expect(widestLine(out + err)).toBeLessThanOrEqual(120);
  });

  it.each([46, 50, 57])('keeps a line an event in %i columns, where ids have no room', async (columns) => {
    const { out } = await see(columns, listening);
    expect(widestLine(out)).toBeLessThanOrEqual(columns);
  });

  it('writes one line an event into a pipe', async () => {
    const { out } = await see(null, listening);
    expect(out.trim().split('\n')).toHaveLength(7);
  });

  it('shows what the sender got, and what came before', async () => {
    const elsewhere = { ...responded(200, 5), target: 'http://localhost:3001/orders' };
    const down = { ...REFUSED, target: 'http://localhost:3002/' };
    const { out } = await see(80, (renderer) => {
      const show = (of: Partial<Delivery>, note: string | null = null): void =>
        renderer.delivery(delivery(of), { print: NOTHING, note });
      const unwilling = [responded(503, 54), responded(503, 10)];
      show({ attempts: [...unwilling, responded(200, 13)], response: answer(200, 3_080) });
      show({ attempts: [...unwilling, REFUSED], response: answer(502, 3_080) });
      show({ attempts: [...unwilling, elsewhere, down], response: answer(503, 1_070) });
      show({ attempts: [responded(503, 54)], response: answer(202, 60) }, 'waits in the queue');
    });
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 200        3.1 s
                    3 tries: 503 in 54 ms, 503 in 10 ms, 200 in 13 ms
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → refused    3.1 s
                    502 to the sender: Nothing listens on localhost:3000 (connection
                    refused).
                    3 tries: 503 in 54 ms, 503 in 10 ms, refused in 2 ms
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 503        1.1 s
                    2 tries: 503 in 54 ms, 503 in 10 ms
                    → 200 from http://localhost:3001/orders in 5 ms
                    → refused from http://localhost:3002/ in 2 ms: Nothing listens on
                    localhost:3000 (connection refused).
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 503        60 ms
                    202 to the sender
                    waits in the queue
      "
    `);
  });

  it('tells challenges from events, and shows a secret that one brings', async () => {
    const at = { response: answer(200, 1), event: 'url_verification', eventId: null };
    const met = { name: 'url_verification', outcome: 'answered', note: null, secret: null, confirm: null } as const;
    const url = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription';
    const { out } = await see(100, (renderer) => {
      renderer.challenge({ ...met, delivery: delivery({ ...at, provider: 'slack' }) });
      const refused = delivery({ ...at, provider: 'slack', response: answer(401, 1) });
      renderer.challenge({ ...met, outcome: 'refused', note: 'The signature does not match.', delivery: refused });
      const secret = { value: 'secret_\u001b[31m', used: true };
      renderer.challenge({ ...met, name: 'verification_token', secret, delivery: delivery({ ...at, provider: 'notion' }) });
      renderer.challenge({
        ...met,
        name: 'x',
        secret: { value: 's', used: false },
        delivery: delivery({ ...at, provider: null }),
      });
      renderer.challenge({ ...met, name: 'SubscriptionConfirmation', confirm: { url, outcome: null }, delivery: delivery(at) });
      renderer.challenge({
        ...met,
        name: 'SubscriptionConfirmation',
        confirm: { url, outcome: responded(403, 9) },
        delivery: delivery(at),
      });
      renderer.challenge({
        ...met,
        name: 'SubscriptionConfirmation',
        confirm: { url, outcome: responded(200, 9) },
        delivery: delivery(at),
      });
    });
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ slack challenge url_verification    200         1 ms  answered
        14:02:11  ✗ slack challenge url_verification    401         1 ms  refused
                    The signature does not match.
        14:02:11  ✓ notion challenge verification_token    200         1 ms  answered
                    Its secret, shown this once: secret_\\x1b[31m
                    Keep it as NOTION_WEBHOOK_SECRET (deliveries are checked with it from now on).
        14:02:11  ✓ challenge x                 200         1 ms  answered  Its secret, shown this once: s
                    Keep it as WEBHOOK_SECRET (not used: there is a secret already).
        14:02:11  ✓ connect2print challenge SubscriptionConfirmation    200         1 ms  answered
                    To confirm, open it, or listen with --confirm:
                    https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription
        14:02:11  ✓ connect2print challenge SubscriptionConfirmation    200         1 ms  answered
                    Confirming it failed: 403
        14:02:11  ✓ connect2print challenge SubscriptionConfirmation    200         1 ms  answered
                    Confirmed.
      "
    `);
  });

  it('shows what --print asks for, without secrets', async () => {
    const print = new Set<PrintPart>(['headers', 'body', 'response']);
    const { out } = await see(80, (renderer) => renderer.delivery(delivery({ attempts: [responded(200, 11)] }), { print }));
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ order.created             dlv_01KAPQ7V000X  → 200        12 ms
                    POST /hooks?x=1
                    Content-Type: application/json
                    X-Webhook-Signature: [redacted]
                    Authorization: Bearer [redacted]

                    {
                      "id": "wh_1a2b3c4d5e6f",
                      "event": "order.created",
                      "data": {
                        "order": {
                          "total": 499.00,
                          "paid": false,
                          "items": []
                        }
                      }
                    }
                    ← 200 OK · 12 ms · application/json · 17 B
                      {
                        "received": true
                      }

      "
    `);
    expect(out).not.toContain('c2p_live_abc');
    expect(out).not.toContain('aabbccddeeff');
  });

  it('shows secrets when it was asked to', async () => {
    const { out } = await see(80, (renderer) => renderer.delivery(delivery(), { print: new Set(['headers']) }), {
      showSecrets: true,
    });
    expect(out).toContain('c2p_live_abc');
    expect(out).toContain('aabbccddeeff');
  });

  it('says of what is never signed that it is not, in place of asking for a secret', async () => {
    const message = 'Mollie does not sign its classic webhooks: fetch the payment.';
    const one = delivery({ verdict: { status: 'unchecked', reason: 'no_secret', message, diagnosis: [] } });
    const { out } = await see(120, (renderer) => renderer.delivery(one, { print: new Set() }));
    expect(out).toContain('not checked: Mollie does not sign its classic webhooks\n');
  });

  it('hides the headers that a provider signs in', async () => {
    const one = delivery({}, { headers: [['X-Acme-Proof', 'abc123']] });
    const { out } = await see(80, (renderer) => {
      renderer.hide({ headers: ['x-acme-proof'], parameters: [], body: [] });
      renderer.delivery(one, { print: new Set(['headers']) });
    });
    expect(out).toContain('X-Acme-Proof: [redacted]');
  });

  it('makes the public URL easy to copy', async () => {
    const { err } = await see(80, (renderer) => {
      renderer.ready({
        url: 'http://127.0.0.1:4400',
        publicUrl: 'https://brave-lion-42.example',
        qr: null,
        provider: null,
        secretCount: 0,
        store: null,
        targets: ['order.* → http://localhost:3001/orders', 'http://localhost:3000'],
        note: 'Paste the public URL into Settings → Webhooks.',
      });
      renderer.tunnel({ state: 'changed', url: 'https://other.example', reason: null });
      renderer.warning({
        code: 'x',
        message: 'The disk is full, so that deliveries are not kept until there is room on it again.',
        hint: 'Make room.',
      });
      renderer.listenSummary({ received: 8, valid: 5, invalid: 1, unchecked: 2, duplicates: 1, forwarded: 4, failed: 1 });
    });
    expect(err).toMatchInlineSnapshot(`
      "

        public URL

          https://brave-lion-42.example

        webhook  listening on http://127.0.0.1:4400
                 any provider, signatures not checked (no secret) · nothing is kept
                 forwarding to
                   order.* → http://localhost:3001/orders
                   http://localhost:3000
                 Paste the public URL into Settings → Webhooks.


        the public URL has changed

          https://other.example

      warning: The disk is full, so that deliveries are not kept until there is room
               on it again.
               Make room.

        8 received: 5 valid, 1 not valid, 2 not checked · 1 came again · 3 forwarded
        1 attempt failed
      "
    `);
  });

  it.each([
    [0, 0, '3 received: 3 valid'],
    [3, 0, '3 received: 3 valid · 3 forwarded'],
    [3, 1, '3 received: 3 valid · 2 forwarded · 1 attempt failed'],
    [3, 3, '3 received: 3 valid · 3 attempts failed'],
  ])('sums %i attempts up, of which %i failed, each once', async (forwarded, failed, line) => {
    const counts = { received: 3, valid: 3, invalid: 0, unchecked: 0, duplicates: 0 };
    const { err } = await see(80, (renderer) => renderer.listenSummary({ ...counts, forwarded, failed }));
    expect(err.trim()).toBe(line);
  });

  it('says nothing but results when it is quiet', async () => {
    const { out, err } = await see(
      80,
      (renderer) => {
        listening(renderer);
        renderer.info('x');
        renderer.progress('x').update('y');
        renderer.listenSummary({ received: 1, valid: 1, invalid: 0, unchecked: 0, duplicates: 0, forwarded: 0, failed: 0 });
      },
      { quiet: true },
    );
    expect(err).toBe('');
    expect(out).not.toBe('');
  });
});

describe('trigger', () => {
  it('tells what became of each, and shows what came back when it was not as expected', async () => {
    const { out, err } = await see(80, (renderer) => {
      renderer.attempt(delivery(), responded(200, 12), { ok: true, why: null });
      renderer.attempt(delivery({ event: 'order.cancelled' }), responded(500, 8, '{"error":"boom","total":1.00}'), {
        ok: false,
        why: 'Answered 500, expected 2xx.',
      });
      renderer.attempt(delivery({ event: 'order.shipped' }), REFUSED, { ok: false, why: null });
      renderer.attempt(delivery({ event: 'stock.low' }), { ...responded(200, 3), replay: true }, { ok: true, why: null });
      renderer.sendSummary({ sent: 4, ok: 2, failed: 2, durationMs: 340 });
    });
    expect(out).toMatchInlineSnapshot(`
      "
        14:02:11  ✓ order.created             wh_1a2b3c4d5e6f   → 200        12 ms
        14:02:11  ✗ order.cancelled           wh_1a2b3c4d5e6f   → 500         8 ms
                    Answered 500, expected 2xx.
                    ← 500 Internal Server Error · 8 ms
                      application/json · 29 B
                      {
                        "error": "boom",
                        "total": 1.00
                      }
        14:02:11  ✗ order.shipped             wh_1a2b3c4d5e6f   → refused     2 ms
                    Nothing listens on localhost:3000 (connection refused).
        14:02:11  ✓ stock.low                 dlv_01KAPQ7V000X  → 200         3 ms
      "
    `);
    expect(err).toMatchInlineSnapshot(`
      "

        4 sent: 2 ok, 2 failed · 340 ms
      "
    `);
  });

  it('shows what would be sent', async () => {
    const { out } = await see(80, (renderer) =>
      renderer.request({ ...delivery().request, url: 'http://me:pw@localhost:3000/hooks' }),
    );
    expect(out).toMatchInlineSnapshot(`
      "
      POST http://[redacted]@localhost:3000/hooks
      Content-Type: application/json
      X-Webhook-Signature: [redacted]
      Authorization: Bearer [redacted]

      {
        "id": "wh_1a2b3c4d5e6f",
        "event": "order.created",
        "data": {
          "order": {
            "total": 499.00,
            "paid": false,
            "items": []
          }
        }
      }

      "
    `);
  });

  it('gives a pipe the curl command as it is', async () => {
    const command = "curl -d '\x01\t' \\\n  http://h/";
    expect((await see(null, (renderer) => renderer.curl(command))).out).toBe(`\n${command}\n`);
    expect((await see(80, (renderer) => renderer.curl(command))).out).toBe("\ncurl -d '\\x01\t' \\\n  http://h/\n");
  });
});

describe('verify', () => {
  it('says what is wrong and what to do about it', async () => {
    const { out } = await see(80, (renderer) => {
      renderer.verdict(delivery().verdict, { provider: 'connect2print', event: 'order.created' });
      renderer.verdict(INVALID, { provider: 'connect2print' });
      renderer.verdict(UNCHECKED, { provider: null, detail: 'Set WEBHOOK_SECRET.' });
    });
    expect(out).toMatchInlineSnapshot(`
      "
      ✓ Signature valid  connect2print · order.created
        The signature in X-Webhook-Signature matches.
      ✗ Signature not valid  connect2print
        The signature in X-Webhook-Signature does not match the body with the secret.
        Cause       A number was rewritten: 499.00 became 499 (data.order.total).
        To do       Hash the raw bytes of the body, before any JSON parser has had
                    them.
      ○ Signature not checked
        There is no secret to check the signature with.
        Set WEBHOOK_SECRET.
      "
    `);
  });
});

function* kept(): Generator<Delivery> {
  const day = 86_400_000;
  yield delivery({ receivedAt: AT - 400 * day, origin: 'imported', provider: null });
  yield delivery({
    receivedAt: AT - 2 * day,
    event: 'customer.subscription.pending_update_applied',
    verdict: UNCHECKED,
    provider: 'standard-webhooks',
  });
  yield delivery({ receivedAt: AT - 60_000, verdict: INVALID, response: answer(401, 0.3) });
  yield delivery({ attempts: [REFUSED], duplicateOf: 'dlv_01', response: answer(502, 4) });
  yield delivery({ attempts: [REFUSED, responded(200, 9)], event: null });
}

describe('list', () => {
  it.each([60, 80, 120])('fits %i columns', async (columns) => {
    const { out } = await see(columns, (renderer) => renderer.deliveries(kept()));
    expect(widestLine(out)).toBeLessThanOrEqual(columns);
  });

  it('reads well in 80 columns', async () => {
    expect((await see(80, (renderer) => renderer.deliveries(kept()))).out).toMatchInlineSnapshot(`
      "
      Time          Id                  Event                       Answer        Took
      2025-10-18    dlv_01KAPQ7V000X  ✓ order.created                 200        12 ms
      Nov 20 14:02  dlv_01KAPQ7V000X  ○ customer.subscription.pen…    200        12 ms
      14:01:11      dlv_01KAPQ7V000X  ✗ order.created                 401        <1 ms
      14:02:11      dlv_01KAPQ7V000X  ✓ order.created ↻             → failed      4 ms
      14:02:11      dlv_01KAPQ7V000X  ✓ POST /hooks?x=1             → 200        12 ms
      "
    `);
  });

  it('reads well in 120 columns', async () => {
    expect((await see(120, (renderer) => renderer.deliveries(kept()))).out).toMatchInlineSnapshot(`
      "
      Time          Id                  Event                     Provider           Answer        Took     Size
      2025-10-18    dlv_01KAPQ7V000X  ✓ order.created             –                    200        12 ms    106 B  imported
      Nov 20 14:02  dlv_01KAPQ7V000X  ○ customer.subscription.p…  standard-webhooks    200        12 ms    106 B
      14:01:11      dlv_01KAPQ7V000X  ✗ order.created             connect2print        401        <1 ms    106 B
      14:02:11      dlv_01KAPQ7V000X  ✓ order.created             connect2print      → failed      4 ms    106 B  again
      14:02:11      dlv_01KAPQ7V000X  ✓ POST /hooks?x=1           connect2print      → 200        12 ms    106 B  failed first
      "
    `);
  });

  it('tells how long the answer took that it tells, and of another one nothing', async () => {
    const { out } = await see(80, (renderer) =>
      renderer.deliveries([
        delivery({ attempts: [responded(503, 54), responded(200, 9)], response: answer(200, 1_070) }),
        delivery({ attempts: [REFUSED, responded(200, 9)], response: answer(202, 7) }),
        delivery({ attempts: [REFUSED], response: answer(202, 7) }),
      ]),
    );
    expect(out.match(/→.*$/gm)).toEqual(['→ 200        1.1 s', '→ 200', '→ failed']);
  });

  it('says of what waits in a queue that it does, whatever became of it so far', async () => {
    const rows = [delivery({ attempts: [REFUSED], response: answer(202, 7) }), delivery({ response: answer(202, 7) })];
    const { out } = await see(80, (renderer) => renderer.list(rows.map((one) => ({ ...summaryOf(one), waits: true }))));
    expect(out.match(/ {2}waits.*$/gm)).toEqual(['  waits', '  waits']);
  });

  it('says that there are none, aside', async () => {
    const { out, err } = await see(80, (renderer) => renderer.list([]));
    expect([out, err]).toEqual(['', '\nNo deliveries.\n']);
  });

  it('stops reading when nobody reads it', async () => {
    const stdout = fakeStream();
    const onClosed = vi.fn();
    const renderer = await createRenderer({
      stdout,
      stderr: fakeStream(),
      env: {},
      json: false,
      color: false,
      quiet: false,
      showSecrets: false,
      now: () => AT,
      onClosed,
    });
    let read = 0;
    const endless = (function* (): Generator<Delivery> {
      for (;;) {
        if (++read === 10) stdout.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
        yield delivery();
      }
    })();
    await renderer.deliveries(endless);
    expect(onClosed).toHaveBeenCalledTimes(1);
  });
});

describe('show', () => {
  it('names the targets that a delivery waits for', async () => {
    const waitsFor = ['http://localhost:3000/webhooks', 'http://a/?token=abc'];
    const { out } = await see(80, (renderer) => renderer.show(delivery(), { waitsFor }));
    expect(out.match(/^ +Waits.*$/gm)).toEqual([
      '  Waits       in the queue for http://localhost:3000/webhooks',
      '  Waits       in the queue for http://a/?token=[redacted]',
    ]);
  });

  it('gives a delivery in full', async () => {
    const one = delivery({
      verdict: INVALID,
      duplicateOf: 'dlv_01KAPQ7T000XABCDEFGHJKMNPQ',
      attempts: [
        responded(200, 11),
        REFUSED,
        { ...responded(500, 7, '<h1>Oops</h1>'), headers: [['Content-Type', 'text/html']], replay: true },
      ],
    });
    expect((await see(80, (renderer) => renderer.show(one))).out).toMatchInlineSnapshot(`
      "
        dlv_01KAPQ7V000XABCDEFGHJKMNPQ

        Received    2026-11-22 14:02:11.123 UTC  3 min ago
        Provider    connect2print
        Event       order.created
        Event id    wh_1a2b3c4d5e6f
        Again       same event id as dlv_01KAPQ7T000X
        Signature   ✗ not valid
                    The signature in X-Webhook-Signature does not match the body with
                    the secret.
        Cause       A number was rewritten: 499.00 became 499 (data.order.total).
        To do       Hash the raw bytes of the body, before any JSON parser has had
                    them.

        Request
          POST /hooks?x=1
          Content-Type: application/json
          X-Webhook-Signature: [redacted]
          Authorization: Bearer [redacted]

          application/json · 106 B
          {
            "id": "wh_1a2b3c4d5e6f",
            "event": "order.created",
            "data": {
              "order": {
                "total": 499.00,
                "paid": false,
                "items": []
              }
            }
          }

        Answer  200 OK · 12 ms · as the target answered

        Attempts

          14:02:11  http://localhost:3000/webhooks
          ← 200 OK · 11 ms
            Content-Type: application/json

            application/json · 17 B
            {
              "received": true
            }

          14:02:11  http://localhost:3000/webhooks
          ← refused · 2 ms: Nothing listens on localhost:3000 (connection refused).

          14:02:11  http://localhost:3000/webhooks · replay
          ← 500 Internal Server Error · 7 ms
            Content-Type: text/html

            text/html · 13 B
            <h1>Oops</h1>
      "
    `);
  });
});

describe('providers and events', () => {
  it('lists them and tells all of one', async () => {
    const { out } = await see(80, (renderer) => {
      renderer.providers([connect2print, standardWebhooks]);
      renderer.provider(standardWebhooks);
      renderer.events([
        { provider: 'a', event: 'order.created', summary: 'An order was placed.' },
        { provider: 'b', event: 'x', summary: 'Something.' },
      ]);
    });
    expect(out).toMatchInlineSnapshot(`
      "
        connect2print      HMAC-SHA256, hex, in X-Webhook-Signature          16 events
        standard-webhooks  HMAC-SHA256, base64, in webhook-signature         3 events
        Standard Webhooks  standard-webhooks

        Signature   v1: HMAC-SHA256, base64, in webhook-signature
                    also read from svix-signature
                    over {id}.{timestamp}.{body}
                    written v1,<signature>
                    timestamp in webhook-timestamp, or svix-timestamp (s)
                    tolerance 5 min both ways
                    key read as base64 after whsec_
        Signature   v1a: Ed25519, base64, in webhook-signature
                    also read from svix-signature
                    over {id}.{timestamp}.{body}
                    written v1a,<signature>
                    timestamp in webhook-timestamp, or svix-timestamp (s)
                    tolerance 5 min both ways
                    key read as base64 after whsk_, or as base64 after whpk_
        Secret      STANDARD_WEBHOOKS_WEBHOOK_SECRET in the environment
        Event       body /type
        Event id    webhook-id, or svix-id, written msg_{base62:27}
        Sends       application/json
        Delivered   when it is answered 2xx
        Timeout     15 s
        Retries     after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h
        How sure    high: read in an official SDK, specification or repository
        Events      3: webhook events standard-webhooks
        Docs        https://www.standardwebhooks.com

        Not documented, assumed:
        – Event names are the sender’s own; the three here are examples.
        – Timeout and retries are what the specification recommends; a sender may do
          otherwise.
        a
        order.created  An order was placed.

        b
        x              Something.
      "
    `);
  });
});

describe('errors', () => {
  it('are a sentence and a next step, aside', async () => {
    const { out, err } = await see(60, (renderer) =>
      renderer.error({
        code: 'port_in_use',
        message: 'Port 4400 on 127.0.0.1 is taken by another program.',
        hint: 'Choose another with --port, or take --port 0.',
      }),
    );
    expect(out).toBe('');
    expect(err).toMatchInlineSnapshot(`
      "
      error: Port 4400 on 127.0.0.1 is taken by another program.
             Choose another with --port, or take --port 0.
      "
    `);
  });
});

describe('colour', () => {
  const one = delivery({ attempts: [responded(200, 11)] });
  it('is there when asked for', async () => {
    const { out } = await see(null, (renderer) => renderer.delivery(one, { print: NOTHING }), { color: true });
    expect(out).toContain('\x1b[32m✓\x1b[39m');
    expect(out).toContain('\x1b[32m200\x1b[39m');
  });

  it('is absent in pipes and with NO_COLOR', async () => {
    const color = { color: null };
    expect((await see(null, (renderer) => renderer.show(one), color)).out).not.toContain('\x1b');
    expect((await see(80, (renderer) => renderer.show(one), { ...color, env: { NO_COLOR: '1' } })).out).not.toContain('\x1b');
    expect((await see(80, (renderer) => renderer.show(one), color)).out).toContain('\x1b');
  });

  it('and Unicode are absent where the terminal has none', async () => {
    const { out, err } = await see(80, listening, { env: { LANG: 'C' } });
    expect(out + err).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('safety', () => {
  it('lets nothing from outside drive the terminal, wherever it stands', async () => {
    const evil = fc.constantFrom('\x1b[2J', '\x1b]0;owned\x07', '\x9b31m', '\u202e', '\r', '\n', '\u2066', '\0');
    await fc.assert(
      fc.asyncProperty(evil, fc.boolean(), async (text, forwarded) => {
        const headers: Delivery['request']['headers'] = [[`X${text}`, `v${text}`]];
        const body = Buffer.from(`{"a":"${text}"}${text}`);
        const one = delivery(
          {
            id: `dlv_${text}`,
            event: `e${text}`,
            eventId: `i${text}`,
            provider: `p${text}`,
            duplicateOf: `d${text}`,
            verdict: { ...INVALID, message: `m${text}` },
            response: { ...answer(500, 1), headers, body },
            attempts: forwarded
              ? [{ ...responded(500, 1), target: `http://h/${text}`, headers, body }]
              : [{ ...REFUSED, message: text }],
          },
          { method: `M${text}`, path: `/p${text}`, headers, body },
        );
        const { out, err } = await see(120, async (renderer) => {
          renderer.delivery(one, { print: new Set(['headers', 'body', 'response']), note: text });
          renderer.delivery({ ...one, event: null }, { print: NOTHING });
          for (const attempt of one.attempts) renderer.attempt(one, attempt, { ok: false, why: text });
          await renderer.deliveries([one]);
          renderer.show(one);
          renderer.verdict(one.verdict, { provider: text, event: text, detail: text });
          renderer.request({ ...one.request, url: `http://${text}/` });
          renderer.signedHeaders(headers);
          renderer.curl(`curl ${text}`);
          renderer.warning({ code: 'x', message: text, hint: text });
          renderer.error({ code: 'x', message: text, hint: text });
          renderer.info(text);
        });
        expect((out + err).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
      }),
      { numRuns: 40 },
    );
  });
});
