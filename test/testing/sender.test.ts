import { describe, expect, it, onTestFinished } from 'vitest';
import { providerOf } from '../../src/core/library.js';
import { builtinProviders } from '../../src/core/providers/list.js';
import { defineProvider, verify } from '../../src/index.js';
import { createReceiver, createSender, type SenderOptions } from '../../src/testing/index.js';
import { secretsFor } from '../core/providers/samples.js';
import { type App, type RecordedRequest, startApp } from '../support/app.js';
import { temporaryFolder } from '../support/folder.js';

const SECRET = 'a secret that nobody guesses';

function senderTo(app: App, options: Partial<SenderOptions<'connect2print'>> = {}) {
  const sender = createSender({ provider: 'connect2print', secret: SECRET, to: `${app.url}/hooks`, ...options });
  onTestFinished(() => sender.close());
  return sender;
}

const verdictOn = ({ body, headers }: RecordedRequest) =>
  verify({ provider: 'connect2print', body, headers, secret: SECRET }).status;
const jsonOf = ({ body }: RecordedRequest) => JSON.parse(body.toString());

describe('every provider', () => {
  it.each(builtinProviders.map((provider) => [provider.name, provider] as const))(
    '%s: what the sender sends, the receiver takes for genuine',
    async (name, { events, schemes }) => {
      const secret = secretsFor(providerOf(name));
      const signed = secret.length > 0 ? { secret } : {};
      await using receiver = await createReceiver({ provider: name, ...signed });
      await using sender = createSender({ provider: name, ...signed, to: `${receiver.url}/hooks` });
      for (const event of Object.keys(events).slice(0, 3)) {
        await sender.send(event);
        const { verdict } = await receiver.next();
        expect([event, verdict.status, verdict.message]).toEqual([
          event,
          schemes.length > 0 ? 'valid' : 'unchecked',
          expect.any(String),
        ]);
      }
    },
  );
});

describe('a sender', () => {
  it('sends the sample of an event, signed, and gives the answer', async () => {
    const app = await startApp((_request, response) => response.writeHead(202, { 'X-Seen': 'yes' }).end('{"ok":true}'));
    const answer = await senderTo(app).send('order.created');
    expect(answer).toMatchObject({ status: 202, text: '{"ok":true}', json: { ok: true }, duplicates: [] });
    expect(Buffer.from(answer.body).toString()).toBe('{"ok":true}');
    expect(answer.header('x-seen')).toBe('yes');
    expect(answer.header('x-none')).toBeNull();
    expect(answer.durationMs).toBeGreaterThan(0);
    const [sent] = app.requests as [RecordedRequest];
    expect([sent.method, sent.path, verdictOn(sent)]).toEqual(['POST', '/hooks', 'valid']);
    expect(sent.body).toEqual(Buffer.from(answer.request.body));
    // The fixture's own spelling.
    expect(sent.body.toString()).toContain('"total":499.00');
  });

  it('changes, takes out and adds', async () => {
    const app = await startApp();
    const sender = senderTo(app);
    await sender.send('order.created', {
      set: { 'data.order.total': 12.5, 'data.order.reference': '123', 'data.order.tags': ['a'] },
      unset: ['data.order.items'],
      id: 'wh_mine',
      timestamp: new Date('2024-01-15T10:30:00Z'),
      headers: { 'X-Extra': 'one', 'User-Agent': 'mine' },
    });
    const [sent] = app.requests as [RecordedRequest];
    expect(jsonOf(sent)).toMatchObject({
      id: 'wh_mine',
      timestamp: '2024-01-15T10:30:00Z',
      data: { order: { total: 12.5, reference: '123', tags: ['a'] } },
    });
    expect(jsonOf(sent).data.order).not.toHaveProperty('items');
    expect([sent.header('x-extra'), sent.header('user-agent'), verdictOn(sent)]).toEqual([['one'], ['mine'], 'valid']);
  });

  it('sends another payload: text and bytes as they are, the rest as JSON', async () => {
    const app = await startApp();
    const sender = senderTo(app);
    const spelled = '{"event": "order.created", "n": 499.00}';
    for (const data of [spelled, new TextEncoder().encode(spelled), { event: 'an.event', n: 1 }]) {
      await sender.send('not.listed', { data });
    }
    expect(app.requests.map(({ body }) => body.toString())).toEqual([spelled, spelled, '{"event":"an.event","n":1}']);
    expect(app.requests.map(verdictOn)).toEqual(['valid', 'valid', 'valid']);
  });

  it('sends the same once more, byte for byte', async () => {
    const app = await startApp((_request, response) => response.writeHead(app.requests.length === 1 ? 200 : 409).end());
    const answer = await senderTo(app).send('order.created', { duplicate: 2 });
    expect([answer.status, answer.duplicates.map(({ status }) => status)]).toEqual([200, [409, 409]]);
    const [first, ...others] = app.requests;
    for (const other of others) expect([other.body, other.headers]).toEqual([first?.body, first?.headers]);
    await expect(senderTo(app).send('order.created', { duplicate: -1 })).rejects.toThrow('whole number');
  });

  it.each(['signature', 'body', 'missing'] as const)('forges: %s', async (corrupt) => {
    const app = await startApp();
    await senderTo(app).send('order.created', { corrupt });
    expect(app.requests.map(verdictOn)).toEqual(['invalid']);
  });

  it('goes unsigned without a secret', async () => {
    const app = await startApp();
    const sender = createSender({ provider: 'connect2print', to: app.url });
    await sender.send('order.created');
    expect(app.requests[0]?.header('x-webhook-signature')).toEqual([]);
    await sender.close();
  });

  it('sends samples of one’s own, of a provider of one’s own', async () => {
    const app = await startApp();
    const fixtures = temporaryFolder({
      'acme/thing.made.json': '{ "type": "thing.made", "n": 1.0 }',
      'connect2print/order.created.json': '{"own": true}',
    });
    const acme = defineProvider({ name: 'acme', signature: { header: 'X-Acme' }, event: 'body:/type' });
    await createSender({ provider: { ...acme, custom: true }, secret: SECRET, to: app.url, fixtures }).send('thing.made');
    await senderTo(app, { fixtures }).send('order.created');
    expect(app.requests.map(({ body }) => body.toString())).toEqual(['{"type":"thing.made","n":1.0}', '{"own":true}']);
  });

  it('says what is wrong', async () => {
    const app = await startApp();
    const sender = senderTo(app);
    // What the compiler would not let through.
    const misspelled = 'order.craeted' as 'order.created';
    await expect(sender.send(misspelled)).rejects.toMatchObject({
      code: 'event_unknown',
      hint: expect.stringMatching(/^Did you mean order.created/),
    });
    await expect(sender.send('order.created', { set: { 'data.order.total': undefined } })).rejects.toMatchObject({
      code: 'usage',
      message: 'What is set at data.order.total cannot be written as JSON.',
    });
    await expect(sender.send('order.created', { unset: ['data.ordr'] })).rejects.toMatchObject({ code: 'edit_failed' });
    const unset = process.env.THIS_IS_NOT_SET as string;
    expect(() => createSender({ provider: 'connect2print', secret: unset, to: app.url })).toThrow('There is no secret.');
    expect(() => createSender({ provider: 'connect2print', to: 'ftp://x' })).toThrow();
    await app.close();
    await expect(sender.send('order.created')).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('connection refused'),
    });
  });

  it('waits no longer than it is told', async () => {
    const app = await startApp(() => {});
    await expect(senderTo(app, { timeout: 50 }).send('order.created')).rejects.toThrow('did not answer within 50 ms');
  });
});
