import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import express, { type Request } from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { careful, type Decide, digestOf, endpoint, isSigned, SECRET, serve } from '../support/endpoint.js';
import { temporaryFolder } from '../support/folder.js';
import { type InvokeOptions, invoke } from '../support/invoke.js';
import { type Json, ndjson, type Outcome } from '../support/running.js';

interface Judged {
  readonly outcome: Outcome;
  readonly checks: readonly Json[];
  /** Ids of what failed, and of what warned with a question mark. */
  readonly open: readonly string[];
  readonly diagnosis: readonly string[];
  readonly summary: Json;
  check(id: string): Json;
}

async function judge(url: string, args: readonly string[] = [], options: InvokeOptions = {}): Promise<Judged> {
  const outcome = await invoke(['check', url, '--provider', 'connect2print', '--json', ...args], {
    ...options,
    env: { WEBHOOK_SECRET: SECRET, ...options.env },
  });
  const records = ndjson(outcome.stdout);
  const checks = records.filter(({ type }) => type === 'check');
  return {
    outcome,
    checks,
    open: checks.flatMap(({ id, status }) => (status === 'fail' ? [id] : status === 'warn' ? [`${id}?`] : [])),
    diagnosis: records.filter(({ type }) => type === 'diagnosis').map(({ code }) => code),
    summary: records.at(-1),
    check: (id) => checks.find((check) => check.id === id),
  };
}

/** Everything but what needs hundreds of requests. */
const LIGHT = ['--skip', 'burst,parallel,large'];

const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

function expressApp(handle: (request: Request, body: Buffer) => number): ReturnType<typeof express> {
  const app = express();
  app.post('/webhooks', express.raw({ type: '*/*', limit: '2mb' }), (request, response) => {
    response.sendStatus(handle(request, bytesOf(request.body)));
  });
  return app;
}

describe('a right endpoint gets a clean bill', () => {
  it('in node:http, in less than ten seconds, over nothing but its own URL', async () => {
    const paths = new Set<string>();
    const listener = endpoint(careful());
    const url = await serve((request, response) => {
      paths.add(request.url ?? '');
      listener(request, response);
    });
    const { outcome, open, diagnosis, summary, check } = await judge(url, ['--strict']);
    expect({ open, diagnosis, code: outcome.code }).toEqual({ open: [], diagnosis: [], code: 0 });
    expect(summary).toMatchObject({ type: 'summary', verdict: 'pass', failed: 0, warned: 0, provider: 'connect2print', url });
    expect(summary.requests).toBeGreaterThan(250);
    expect(summary.durationMs).toBeLessThan(10_000);
    expect([...paths]).toEqual(['/webhooks']);
    expect(check('rejects.too_long')).toMatchObject({
      group: 'rejects',
      status: 'pass',
      message: 'It answered 401.',
      requests: 1,
    });
    expect(check('rejects.stale').status).toBe('skip');
    expect(outcome.stderr).toBe('');
  });

  it('in Express', async () => {
    const app = expressApp(({ headers }, body) => (isSigned(headers, body) ? 200 : 401));
    const { open, diagnosis } = await judge(await serve(app), ['--strict']);
    expect({ open, diagnosis }).toEqual({ open: [], diagnosis: [] });
  });

  it('in Fastify, for a provider from the config', async () => {
    const app = fastify({ bodyLimit: 2_000_000 });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/webhooks', (request, reply) => {
      const [time = '', signature = ''] = [request.headers['x-acme-time'], request.headers['x-acme-signature']].map(String);
      const body = bytesOf(request.body);
      const wanted = `v1=${createHmac('sha512', SECRET).update(`${time}.`).update(body).digest('base64')}`;
      const fresh = Math.abs(Date.now() / 1_000 - Number(time)) < 300;
      const same = signature.length === wanted.length && timingSafeEqual(Buffer.from(signature), Buffer.from(wanted));
      void reply.code(same && fresh ? 204 : 403).send();
    });
    await app.ready();
    const acme = {
      signature: {
        header: 'X-Acme-Signature',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v1=',
        content: '{timestamp}.{body}',
        timestampHeader: 'X-Acme-Time',
        tolerance: '5m',
      },
      event: 'body:/type',
      eventId: 'body:/id',
      events: { 'thing.made': 'A thing was made' },
    };
    const cwd = temporaryFolder({ 'webhook.config.json': JSON.stringify({ providers: { acme } }) });
    const { open, diagnosis, checks } = await judge(await serve(app.server), ['--strict', '--provider', 'acme'], { cwd });
    expect({ open, diagnosis }).toEqual({ open: [], diagnosis: [] });
    expect(checks.filter(({ status }) => status === 'skip').map(({ id }) => id)).toEqual([
      'accepts.rotation',
      'accepts.challenge',
    ]);
  });

  it('in Hono, with the library of Standard Webhooks, rotation and all', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const webhook = new Webhook(secret);
    const app = new Hono();
    app.post('/webhooks', async (c) => {
      try {
        webhook.verify(await c.req.text(), c.req.header());
        return c.body(null, 204);
      } catch {
        return c.json({ error: 'invalid signature' }, 401);
      }
    });
    const url = await serve(getRequestListener(app.fetch));
    const { open, diagnosis, check } = await judge(url, ['--provider', 'standard-webhooks'], { env: { WEBHOOK_SECRET: secret } });
    expect({ open, diagnosis }).toEqual({ open: [], diagnosis: [] });
    expect(check('accepts.rotation').status).toBe('pass');
    expect(check('rejects.stale').status).toBe('pass');
  });

  it('for Print.one too', async () => {
    const url = await serve(
      endpoint(({ method, headers, body }) => {
        const given = Buffer.from(String(headers['x-webhook-hmac-sha256'] ?? ''));
        const wanted = Buffer.from(digestOf(body, 'base64'));
        const same = given.length === wanted.length && timingSafeEqual(given, wanted);
        return { status: method !== 'POST' ? 405 : same ? 200 : 401 };
      }),
    );
    const { open } = await judge(url, ['--provider', 'printone', '--strict']);
    expect(open).toEqual([]);
  });
});

describe('a flawed endpoint is told what is wrong with it', () => {
  const flawed = async (decide: Decide, args: readonly string[] = LIGHT): Promise<Judged> =>
    judge(await serve(endpoint(decide)), args);

  it('verifies nothing', async () => {
    const app = express();
    app.use(express.json());
    app.post('/webhooks', (_request, response) => void response.sendStatus(200));
    const { outcome, open, diagnosis, check } = await judge(await serve(app), LIGHT);
    expect(outcome.code).toBe(4);
    expect(diagnosis[0]).toBe('no_verification');
    expect(open.filter((id) => id.startsWith('rejects.'))).toEqual([
      'rejects.missing',
      'rejects.empty',
      'rejects.garbage',
      'rejects.not_encoded',
      'rejects.too_short',
      'rejects.too_long',
      'rejects.other_secret',
      'rejects.other_body',
      'rejects.wrong_encoding',
    ]);
    expect(open.filter((id) => /^(accepts|raw-body)/.test(id))).toEqual([]);
    expect(check('rejects.missing').message).toBe('It answered 200: it was taken for genuine.');
  });

  it('verifies JSON that express.json() parsed', async () => {
    const app = express();
    app.use(express.json());
    app.post('/webhooks', ({ headers, body }, response) => {
      response.sendStatus(isSigned(headers, Buffer.from(JSON.stringify(body ?? ''))) ? 200 : 401);
    });
    const { open, diagnosis, check } = await judge(await serve(app), LIGHT);
    expect(diagnosis).toEqual(['parsed_json']);
    expect(open.filter((id) => /^(accepts|rejects)/.test(id))).toEqual(['accepts.signed']);
    expect(check('accepts.signed').message).toMatch(/^It answered 401 .*parsed and written again \(JSON\.stringify/);
    expect(open.filter((id) => id.startsWith('raw-body'))).toEqual([
      'raw-body.decimals',
      'raw-body.exponent',
      'raw-body.unicode_escapes',
      'raw-body.slash_escapes',
      'raw-body.white_space',
      'raw-body.trailing_newline',
      'raw-body.crlf',
      'raw-body.key_order',
      'raw-body.duplicate_key',
    ]);
  });

  it('fails over a signature of another length, and shows its stack trace', async () => {
    const app = expressApp(({ headers }, body) => {
      const given = Buffer.from(String(headers['x-webhook-signature']), 'hex');
      return timingSafeEqual(given, Buffer.from(digestOf(body), 'hex')) ? 200 : 401;
    });
    // What Express shows of an error, it also prints.
    app.use((error: Error, _request: Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).send(`<pre>${error.stack}</pre>`);
    });
    const { open, diagnosis, check } = await judge(await serve(app), LIGHT);
    expect(diagnosis).toEqual(['crashes_on_malformed']);
    expect(open).toEqual([
      'rejects.missing',
      'rejects.empty',
      'rejects.garbage',
      'rejects.not_encoded',
      'rejects.too_short',
      'rejects.too_long',
      'rejects.wrong_encoding',
      'hygiene.stack_trace',
      'hygiene.rubbish',
    ]);
    expect(check('rejects.too_short').message).toMatch(/500 .*Input buffers must have the same byte length/);
    expect(check('hygiene.stack_trace').message).toContain('at ');
  });

  it('compares in the wrong encoding', async () => {
    const { open, diagnosis, check } = await flawed(({ headers, body }) => ({
      status: headers['x-webhook-signature'] === digestOf(body, 'base64') ? 200 : 401,
    }));
    expect(diagnosis).toEqual(['signature_encoding']);
    expect(open).toEqual(['accepts.signed', 'rejects.wrong_encoding']);
    expect(check('accepts.signed').message).toContain('in base64, and Connect2Print writes it in hex');
    expect(check('rejects.other_secret').status).toBe('skip');
  });

  it('takes what was signed long ago, or lies ahead', async () => {
    const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const webhook = new Webhook(secret);
    const url = await serve(
      endpoint(({ method, headers, body }) => {
        const id = String(headers['webhook-id']);
        const time = Number(headers['webhook-timestamp'] ?? 0) * 1_000;
        const given = String(headers['webhook-signature'] ?? '').split(' ');
        const right = webhook.sign(id, new Date(time), body.toString('utf8'));
        return { status: method !== 'POST' ? 405 : given.includes(right) ? 200 : 401 };
      }),
    );
    const { open, diagnosis } = await judge(url, [...LIGHT, '--provider', 'standard-webhooks'], {
      env: { WEBHOOK_SECRET: secret },
    });
    expect(diagnosis).toEqual(['no_replay_window']);
    expect(open).toEqual(['rejects.stale', 'rejects.future']);
  });

  it('fails over a delivery that comes twice', async () => {
    const seen = new Set<string>();
    const { open } = await flawed(
      careful(({ body }) => {
        const { id } = JSON.parse(body.toString('utf8'));
        if (seen.has(id)) throw new Error('UNIQUE constraint failed');
        seen.add(id);
        return { status: 200 };
      }),
    );
    expect(open).toEqual(['delivery.duplicate']);
  });

  it('is slow', async () => {
    const acme = { signature: { header: 'X-Webhook-Signature' }, event: 'body:/event', timeout: '600ms' };
    const cwd = temporaryFolder({ 'webhook.config.json': JSON.stringify({ providers: { acme } }) });
    const slow = careful(async () => {
      await new Promise((resolve) => setTimeout(resolve, 320));
      return { status: 200 };
    });
    const args = ['--provider', 'acme', '--only', 'delivery.time'];
    const { open, outcome, check } = await judge(await serve(endpoint(slow)), args, { cwd });
    expect({ open, code: outcome.code }).toEqual({ open: ['delivery.time?'], code: 0 });
    expect(check('delivery.time').message).toMatch(/acme waits 600 ms\.$/);
    const strict = await judge(await serve(endpoint(slow)), [...args, '--strict'], { cwd });
    expect(strict.outcome.code).toBe(4);
  });

  it('tells the signature it expected', async () => {
    const { open, diagnosis } = await flawed(({ method, headers, body }) => {
      if (method !== 'POST') return { status: 405 };
      if (isSigned(headers, body)) return { status: 200 };
      return { status: 401, body: JSON.stringify({ error: 'bad signature', expected: digestOf(body).toUpperCase() }) };
    });
    expect(open).toEqual(['hygiene.expected_signature']);
    expect(diagnosis).toEqual(['leaks_signature']);
  });

  it('tells its secret, which is not repeated', async () => {
    const { open, outcome } = await flawed(({ method, headers, body }) => {
      if (method !== 'POST') return { status: 405 };
      return isSigned(headers, body) ? { status: 200 } : { status: 500, body: `no match with secret ${SECRET}` };
    });
    expect(open).toContain('hygiene.secret');
    expect(outcome.stdout + outcome.stderr).not.toContain(SECRET);
  });

  it('redirects', async () => {
    const asked: string[] = [];
    const listener = endpoint(() => ({ status: 308, headers: { location: '/webhooks/' } }));
    const url = await serve((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    });
    const { open, diagnosis, check } = await judge(url, LIGHT);
    expect(open).toContain('hygiene.redirect');
    expect(open).toContain('accepts.signed');
    expect(check('hygiene.redirect').message).toBe('It answered 308 to /webhooks/.');
    expect(diagnosis).toEqual(['wrong_url']);
    expect(new Set(asked)).toEqual(new Set(['/webhooks']));
  });

  it('redirects to another host, which is asked nothing', async () => {
    const elsewhere: string[] = [];
    const other = await serve((request, response) => {
      elsewhere.push(request.url ?? '');
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve(endpoint(() => ({ status, headers: { location: other.replace('127.0.0.1', 'localhost') } })));
      const { open } = await judge(url, [...LIGHT, '--only', 'accepts,rejects,hygiene']);
      expect(open).toContain('hygiene.redirect');
    }
    expect(elsewhere).toEqual([]);
  });

  it('answers GET with 200', async () => {
    const decide = careful();
    const { open } = await flawed((asked) => (asked.method === 'GET' ? { status: 200, body: 'up' } : decide(asked)));
    expect(open).toEqual(['hygiene.get']);
  });

  it('works on one delivery at a time only', async () => {
    let busy = false;
    const decide = careful(async () => {
      if (busy) throw new Error('database is locked');
      busy = true;
      await new Promise((resolve) => setTimeout(resolve, 2));
      busy = false;
      return { status: 200 };
    });
    const { open, check } = await flawed(decide, []);
    expect(open).toEqual(['delivery.parallel', 'delivery.burst']);
    expect(check('delivery.parallel').message).toMatch(/^\d+ of 20 were not taken: 500 \(\d+ times\)\.$/);
  });

  it('looks only whether there is a signature', async () => {
    const { diagnosis, open } = await flawed(({ headers }) => ({ status: headers['x-webhook-signature'] ? 200 : 401 }));
    expect(diagnosis).toEqual(['presence_only']);
    expect(open).toContain('rejects.other_secret');
    expect(open).not.toContain('rejects.missing');
  });

  it('verifies only where there is a signature', async () => {
    const { diagnosis, open } = await flawed(({ headers, body }) => ({
      status: !headers['x-webhook-signature'] || isSigned(headers, body) ? 200 : 401,
    }));
    expect(diagnosis).toEqual(['optional_signature']);
    expect(open.filter((id) => id.startsWith('rejects'))).toEqual(['rejects.missing', 'rejects.empty']);
  });

  it('compares only as much as it was sent', async () => {
    const { open } = await flawed(({ method, headers, body }) => {
      const given = String(headers['x-webhook-signature'] ?? '');
      return { status: method === 'POST' && given.length >= 8 && digestOf(body).startsWith(given) ? 200 : 401 };
    });
    expect(open).toEqual(['rejects.too_short']);
  });

  it('reads text in another encoding, trims it, or knows its own events and fields only', async () => {
    const latin1 = await flawed(
      ({ method, headers, body }) => {
        const text = Buffer.from(body.toString('latin1'), 'utf8');
        const plain = !/[^\0-\x7f]/.test(body.toString('latin1'));
        return { status: method === 'POST' && isSigned(headers, plain ? body : text) ? 200 : 401 };
      },
      ['--only', 'raw-body', '--set', 'data={}'],
    );
    expect(latin1.open).toEqual(['raw-body.emoji', 'raw-body.line_separator']);
    expect(latin1.diagnosis).toEqual(['text_encoding']);

    const trims = await flawed(({ headers, body }) => ({
      status: isSigned(headers, Buffer.from(body.toString().trimEnd())) ? 200 : 401,
    }));
    expect(trims.diagnosis).toContain('trailing_newline');

    const known = careful(({ body }) => {
      const { event, webhook_check: unknown } = JSON.parse(body.toString('utf8'));
      return { status: event === 'stock.low' ? 404 : event.startsWith('webhook.') || unknown !== undefined ? 422 : 200 };
    });
    const narrow = await flawed(known);
    expect(narrow.open).toEqual(['accepts.events', 'accepts.unknown_field', 'accepts.unknown_event?']);
    expect(narrow.check('accepts.events').message).toBe('It refused 1 of 16 events: stock.low (404).');
    expect(narrow.check('raw-body.emoji').status).toBe('skip');
    expect(narrow.check('raw-body.white_space').status).toBe('pass');
  });

  it('takes the signature and refuses the payload, or has another secret, or answers what the provider takes for a failure', async () => {
    const picky = await flawed(careful(() => ({ status: 404, body: 'no such order' })));
    expect(picky.diagnosis).toEqual(['payload_refused']);
    expect(picky.check('rejects.other_secret').status).toBe('pass');

    const stranger = await flawed(({ headers, body }) => ({
      status: headers['x-webhook-signature'] === createHmac('sha256', 'other').update(body).digest('hex') ? 200 : 401,
    }));
    expect(stranger.diagnosis).toEqual(['refuses_everything']);
    expect(stranger.open).toEqual(['accepts.signed']);

    const accepted = await flawed(careful(() => ({ status: 202 })));
    expect(accepted.open).toEqual(['accepts.signed?']);
    expect(accepted.check('accepts.signed').message).toBe('It answered 202; Connect2Print asks for 200.');
  });
});

describe('an endpoint that is not there, or behaves like none', () => {
  /** A server of bare sockets. */
  async function sockets(onSocket: (socket: Socket) => void): Promise<string> {
    const open = new Set<Socket>();
    const server = createTcpServer((socket) => {
      open.add(socket);
      socket.on('error', () => {});
      onSocket(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  }

  it.each<[string, (socket: Socket) => void, string, string]>([
    ['hangs', () => {}, 'did not answer within', 'no_answer'],
    ['hangs up', (socket) => socket.destroy(), 'closed the connection without an answer', 'unreachable'],
    ['answers garbage', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'not an HTTP/1.1 answer', 'unreachable'],
    [
      'closes in the middle of its answer',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
      'in the middle of its answer',
      'unreachable',
    ],
    [
      'answers without end',
      (socket) => {
        const pour = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 97)));
        };
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n');
          pour();
          socket.on('drain', pour);
        });
      },
      'over the limit of 1 MB',
      'unreachable',
    ],
  ])('%s', async (_, onSocket, message, code) => {
    const url = await sockets(onSocket);
    const { outcome, check, checks, diagnosis, open } = await judge(url, ['--timeout', '150ms']);
    expect(outcome.code).toBe(4);
    expect(open).toEqual(['accepts.signed']);
    expect(check('accepts.signed').message).toContain(message);
    expect(diagnosis).toEqual([code]);
    expect(checks.filter(({ status }) => status === 'skip')).toHaveLength(checks.length - 1);
    expect(check('delivery.burst').message).toBe('Not tried: there was no answer to the first delivery.');
    expect(outcome.stdout + outcome.stderr).not.toMatch(/\n\s+at /);
  });

  it('has a name that leads nowhere', async () => {
    const { outcome, check, diagnosis, open } = await judge('http://does-not-exist.invalid/webhooks');
    expect({ code: outcome.code, open, diagnosis }).toEqual({ code: 4, open: ['accepts.signed'], diagnosis: ['unreachable'] });
    expect(check('accepts.signed').message).toMatch(/does-not-exist\.invalid (\(ENOTFOUND\)|cannot be looked up just now)/);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses the connection, or speaks no TLS', async () => {
    const url = await serve(endpoint(careful()));
    const https = await judge(url.replace('http:', 'https:'));
    expect(https.check('accepts.signed').message).toContain('does not answer in TLS');
    const gone = await judge('http://127.0.0.1:1/webhooks');
    expect(gone.check('accepts.signed').message).toContain('connection refused');
    expect(gone.diagnosis).toEqual(['unreachable']);
  });

  it('goes down over a forged delivery, and does not come back', async () => {
    const server = (await import('node:http')).createServer();
    const url = await serve(server);
    server.on(
      'request',
      endpoint(({ method, headers, body }) => {
        const given = String(headers['x-webhook-signature'] ?? '');
        if (given.startsWith('this-is')) {
          server.close();
          server.closeAllConnections();
          return null;
        }
        return { status: method === 'POST' && isSigned(headers, body) ? 200 : 401 };
      }),
    );
    const { open, check, diagnosis } = await judge(url, ['--max-time', '1s', '--only', 'accepts.signed,rejects,burst']);
    expect(open).toEqual(['rejects.garbage']);
    expect(check('rejects.garbage').message).toContain('looks like a crash');
    expect(check('delivery.burst').message).toBe('Not tried: nothing answers there any more since rejects.garbage.');
    expect(diagnosis).toEqual(['crashes_on_malformed']);
  });

  it('takes too long in all: what was not tried is not passed', async () => {
    const slow = careful(async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { status: 200 };
    });
    const { outcome, open, checks } = await judge(await serve(endpoint(slow)), ['--max-time', '300ms']);
    expect(outcome.code).toBe(4);
    expect(open.length).toBeGreaterThan(0);
    expect(checks.at(-1)).toMatchObject({ status: 'skip', message: 'Not tried: time was up.' });
  });
});

describe('what check is asked for', () => {
  it('tries only what it is told to, with the events it is told', async () => {
    const events: string[] = [];
    const url = await serve(
      endpoint(
        careful(({ body }) => {
          events.push(JSON.parse(body.toString()).event);
          return { status: 200 };
        }),
      ),
    );
    const { checks } = await judge(url, [
      '--only',
      'accepts',
      '--skip',
      'unknown_event,rotation,challenge',
      '--event',
      'order.created,order.shipped',
    ]);
    expect(checks.map(({ id }) => id)).toEqual([
      'accepts.signed',
      'accepts.events',
      'accepts.lower_case_headers',
      'accepts.charset',
      'accepts.unknown_field',
    ]);
    expect(new Set(events)).toEqual(new Set(['order.created', 'order.shipped']));
  });

  it.each<[string, string[], string, string]>([
    ['an unknown check', ['--only', 'rejcts'], "There is no check 'rejcts'", 'rejects'],
    ['nothing left', ['--only', 'hygiene', '--skip', 'hygiene'], 'leave no check', ''],
    ['an unknown report', ['--report', 'html=x.html'], "'html=x.html' is not a report", 'junit, markdown or sarif'],
    ['an unknown event', ['--event', 'order.creatd'], "no event 'order.creatd'", 'order.created'],
  ])('refuses %s', async (_, args, message, hint) => {
    const outcome = await invoke(['check', 'http://127.0.0.1:1/', '--provider', 'connect2print', ...args], {
      env: { WEBHOOK_SECRET: SECRET },
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).toContain(hint);
  });

  it('needs to know provider, secret and URL', async () => {
    const ask = async (args: string[], env: Record<string, string> = {}): Promise<string> => {
      const outcome = await invoke(['check', ...args], { env });
      expect(outcome.code).toBe(2);
      return outcome.stderr;
    };
    expect(await ask(['http://127.0.0.1:1/'])).toContain('--provider');
    expect(await ask(['http://127.0.0.1:1/', '--provider', 'connect2print'])).toContain('CONNECT2PRINT_WEBHOOK_SECRET');
    expect(await ask(['--provider', 'connect2print'], { WEBHOOK_SECRET: SECRET })).toContain('which endpoint');
  });

  it('is of the provider whose secret is in the environment, where nothing says whose', async () => {
    const url = await serve(endpoint(careful()));
    const check = (env: Record<string, string>) => invoke(['check', url, '--only', 'accepts.signed'], { env });
    const one = await check({ CONNECT2PRINT_WEBHOOK_SECRET: SECRET });
    expect([one.code, one.stderr]).toEqual([
      0,
      expect.stringContaining('The secret of connect2print is at hand, in CONNECT2PRINT_WEBHOOK_SECRET.\n'),
    ]);
    const several = await check({ STRIPE_WEBHOOK_SECRET: 'whsec_x', CONNECT2PRINT_WEBHOOK_SECRET: SECRET });
    expect([several.code, several.stderr]).toEqual([0, expect.stringContaining('So is one of stripe: --provider says whose')]);
  });

  it('writes reports, and speaks to GitHub where it runs there', async () => {
    const cwd = temporaryFolder({ 'summary.md': '# Before\n' });
    const decide = careful();
    const url = await serve(
      endpoint((asked) => (asked.method === 'GET' ? { status: 200, body: '::error::injected' } : decide(asked))),
    );
    const reports = ['junit=out/webhook.xml', 'markdown=out/webhook.md', 'sarif=out/webhook.sarif'].flatMap((one) => [
      '--report',
      one,
    ]);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') };
    const { outcome } = await judge(url, ['--only', 'accepts,hygiene', ...reports], { cwd, env });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringMatching(/^::error title=hygiene\.get%3A GET is not answered 2xx::It answered 200 to a GET\. /),
    ]);
    const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
    expect(read('out/webhook.xml')).toContain('classname="connect2print.hygiene.get"');
    expect(read('out/webhook.md')).toContain('## Webhook endpoint fails');
    const [{ ruleId, locations }] = JSON.parse(read('out/webhook.sarif')).runs[0].results;
    expect([ruleId, locations[0].physicalLocation.artifactLocation.uri]).toEqual(['hygiene.get', 'README.md']);
    expect(read('summary.md')).toMatch(/^# Before\n## Webhook endpoint fails/);
  });

  it('is a page for people, with what to do', async () => {
    const url = await serve(endpoint(() => ({ status: 200 })));
    const { stdout, code } = await invoke(
      ['check', url, '--provider', 'connect2print', '--only', 'rejects.missing,hygiene.https'],
      {
        env: { WEBHOOK_SECRET: SECRET },
      },
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /Rejects what is not\n\s+✗ no signature\n\s+It answered 200: it was taken for genuine\.\n\s+Why: .*\n\s+Fix: /,
    );
    expect(stdout).toMatch(/✓ https, where the host is not local {2}The host is local\./);
    expect(stdout).toMatch(/1 passed, 1 failed · \d+ requests/);
  });

  it('has advice of several lines on lines of their own', async () => {
    const rewrites = endpoint(({ headers, body }) => {
      const again = JSON.stringify(JSON.parse(body.toString('utf8')));
      return { status: headers['x-webhook-signature'] === digestOf(Buffer.from(again)) ? 200 : 401 };
    });
    const { stdout } = await invoke(['check', await serve(rewrites), '--provider', 'connect2print', '--only', 'accepts.signed'], {
      env: { WEBHOOK_SECRET: SECRET },
    });
    expect(stdout).toMatch(/\n\s+Fix: Verify the raw bytes, before anything parses them:\n\s+Express: /);
    expect(stdout).not.toContain('\\n');
  });
});
