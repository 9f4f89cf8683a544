import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compose, defineProvider } from '../../src/index.js';
import { createReceiver, createSender, type Receiver, type ReceiverOptions } from '../../src/testing/index.js';
import type { ProviderLike } from '../../src/testing/types.js';

const SECRET = 'a secret that nobody guesses';

async function opened<P extends ProviderLike | undefined = undefined>(options: ReceiverOptions<P> = {}): Promise<Receiver<P>> {
  const receiver = await createReceiver(options);
  onTestFinished(() => receiver.close());
  return receiver;
}

const ours = () => opened({ provider: 'connect2print', secret: SECRET });

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers });
}

const order = (id: string, event = 'order.created') => {
  const body = `{"id":"${id}", "event":"${event}","timestamp":"2024-01-15T10:30:00Z","data":{"total":499.00}}`;
  return { body, headers: { 'X-Webhook-Signature': createHmac('sha256', SECRET).update(body).digest('hex') } };
};

describe('a receiver', () => {
  it('verifies what comes, keeps its bytes, and hands it out', async () => {
    const receiver = await ours();
    const { body, headers } = order('wh_1');
    const response = await post(`${receiver.url}/hooks?x=1`, body, headers);
    expect([response.status, await response.text()]).toEqual([200, '{"received":true}']);
    const delivery = await receiver.next({ event: 'order.created' });
    expect(delivery).toMatchObject({ provider: 'connect2print', event: 'order.created', eventId: 'wh_1', duplicateOf: null });
    expect(delivery.verdict).toMatchObject({ status: 'valid', diagnosis: [] });
    expect(delivery.request).toMatchObject({ method: 'POST', path: '/hooks?x=1' });
    expect(Buffer.from(delivery.request.body).toString()).toBe(body);
    expect(delivery.text).toBe(body);
    expect(delivery.json.data).toEqual({ total: 499 });
    expect(delivery.header('x-WEBHOOK-signature')).toBe(headers['X-Webhook-Signature']);
    expect(delivery.header('x-none')).toBeNull();
    expect(receiver.deliveries).toEqual([delivery]);
  });

  it('refuses what is not genuine, and says why when asked', async () => {
    const receiver = await ours();
    const { body, headers } = order('wh_1');
    expect((await post(receiver.url, `${body}\n`, headers)).status).toBe(401);
    receiver.respond(200);
    expect((await post(receiver.url, body)).status).toBe(401);
    const [changed, unsigned] = receiver.deliveries;
    expect(changed?.verdict).toMatchObject({ status: 'invalid', reason: 'mismatch' });
    expect(changed?.verdict.diagnosis.map(({ code }) => code)).toEqual(['trailing_newline']);
    expect(unsigned?.verdict.reason).toBe('missing_signature');
    await expect(receiver.next({ event: 'order.shipped', timeout: 1 })).rejects.toThrow(
      /^No order\.shipped arrived within 1 ms\. What did: order\.created \(not valid: .+\), order\.created \(not valid: .+\)\.$/,
    );
  });

  it('tells whose it is where nobody says, and checks nothing without a secret', async () => {
    const receiver = await opened();
    const sender = createSender({ provider: 'github', secret: SECRET, to: receiver.url });
    await sender.send('push');
    await post(receiver.url, 'hello');
    expect(await receiver.next({ event: 'push' })).toMatchObject({ provider: 'github', verdict: { status: 'unchecked' } });
    expect(await receiver.next()).toMatchObject({ provider: null, event: null, json: undefined, text: 'hello' });
  });

  it('refuses what is nobody’s, where there is a secret, as listen does', async () => {
    const receiver = await opened({ secret: SECRET });
    expect((await post(receiver.url, 'hello')).status).toBe(401);
    expect((await receiver.next()).verdict).toMatchObject({ status: 'unchecked', reason: 'unknown_provider' });
  });

  it('tells a delivery that came before', async () => {
    const receiver = await ours();
    for (const id of ['wh_1', 'wh_1', 'wh_2']) {
      const { body, headers } = order(id);
      await post(receiver.url, body, headers);
    }
    const [first, second, other] = receiver.deliveries;
    expect([first?.duplicateOf, second?.duplicateOf, other?.duplicateOf]).toEqual([null, first?.id, null]);
    receiver.clear();
    expect(receiver.deliveries).toEqual([]);
  });

  it('fails the first ones, then answers as it is told', async () => {
    const receiver = await opened({
      provider: 'connect2print',
      secret: SECRET,
      respond: ({ eventId }) => ({ status: 202, body: { eventId } }),
    });
    receiver.respond(503, { times: 2 });
    const { body, headers } = order('wh_1');
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      const response = await post(receiver.url, body, headers);
      statuses.push([response.status, await response.text()]);
    }
    expect(statuses).toEqual([
      [503, ''],
      [503, ''],
      [202, '{"eventId":"wh_1"}'],
    ]);
    receiver.respond(null);
    await expect(post(receiver.url, body, headers)).rejects.toThrow();
    receiver.respond(() => {
      throw new Error('of the test');
    });
    expect((await post(receiver.url, body, headers)).status).toBe(500);
  });

  it('hands out a delivery before it is answered', async () => {
    const receiver = await ours();
    let answer: (status: number) => void = () => {};
    receiver.respond(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { body, headers } = order('wh_1');
    const response = post(receiver.url, body, headers);
    expect((await receiver.next()).eventId).toBe('wh_1');
    answer(204);
    expect((await response).status).toBe(204);
  });

  it('answers challenges, and hands them out by their names', async () => {
    const receiver = await opened({ provider: 'slack', secret: SECRET });
    const challenge = { type: 'url_verification', token: 'x', challenge: 'say this' };
    const signed = compose({ provider: 'slack', event: 'x', payload: challenge, url: receiver.url, secret: SECRET });
    const response = await fetch(receiver.url, signed);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('say this')]);
    expect(receiver.deliveries.map(({ event }) => event)).toEqual(['url_verification']);
  });

  it('finds an event within a batch', async () => {
    const receiver = await opened({ provider: 'sendgrid' });
    await post(receiver.url, '[{"event":"delivered","sg_event_id":"1"},{"event":"open","sg_event_id":"2"}]');
    const { event, json } = await receiver.next({ event: 'open' });
    expect(event).toBe('delivered, open');
    expect(json).toHaveLength(2);
  });

  it('takes a provider of one’s own, and several secrets', async () => {
    const acme = defineProvider({ name: 'acme', signature: { header: 'X-Acme' }, event: 'body:/type' });
    const receiver = await opened({ provider: acme, secret: ['old', 'new'] });
    const body = '{"type":"thing.made"}';
    await post(receiver.url, body, { 'X-Acme': createHmac('sha256', 'new').update(body).digest('hex') });
    expect((await receiver.next({ event: 'thing.made' })).verdict.status).toBe('valid');
  });

  it('does not start with what cannot be right', async () => {
    await expect(createReceiver({ provider: 'connect2prin' })).rejects.toMatchObject({
      code: 'provider_unknown',
      hint: 'Did you mean connect2print?',
    });
    const unset = process.env.THIS_IS_NOT_SET as string;
    await expect(createReceiver({ provider: 'connect2print', secret: unset })).rejects.toMatchObject({ code: 'secret_missing' });
    await expect(createReceiver({ provider: 'standard-webhooks', secret: 'whsec_?' })).rejects.toMatchObject({
      code: 'secret_malformed',
    });
    const { port } = await opened();
    await expect(createReceiver({ port })).rejects.toMatchObject({ code: 'port_in_use' });
  });

  it('closes at once, with connections open and a delivery waited for', async () => {
    const receiver = await createReceiver();
    const socket = connect(receiver.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const waiting = expect(receiver.next()).rejects.toThrow('before the receiver was closed');
    await receiver[Symbol.asyncDispose]();
    await Promise.all([ended, waiting]);
    await receiver.close();
    await expect(fetch(receiver.url)).rejects.toThrow();
  });
});
