import { Writable } from 'node:stream';
import type { Output } from '../../src/context.js';
import type { Attempt, Delivery } from '../../src/core/delivery/delivery.js';
import { createRenderer } from '../../src/render/create.js';
import type { Renderer, RendererOptions } from '../../src/render/renderer.js';

/** A stream that remembers what it was given; with `columns` it says it is a terminal. */
export function fakeStream(columns: number | null = null): Writable & Output & { text(): string } {
  const chunks: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(stream, { text: () => chunks.join(''), ...(columns === null ? {} : { isTTY: true, columns, rows: 24 }) });
}

export const AT: number = Date.parse('2026-11-22T14:02:11.123Z');

/** What a person sees of both streams. */
export interface Seen {
  readonly out: string;
  readonly err: string;
}

/** What a renderer shows on a terminal of so many columns; null: on none. */
export async function see(
  columns: number | null,
  use: (renderer: Renderer) => void | Promise<void>,
  options: Partial<RendererOptions> = {},
): Promise<Seen> {
  const stdout = fakeStream(columns);
  const stderr = fakeStream(columns);
  const renderer = await createRenderer({
    stdout,
    stderr,
    env: { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' },
    platform: 'linux',
    json: false,
    color: false,
    quiet: false,
    showSecrets: false,
    now: () => AT + 180_000,
    timeZone: 'UTC',
    ...options,
  });
  await use(renderer);
  await renderer.flush();
  // The frame keeps leading spaces and newlines in the snapshots.
  const framed = (text: string): string => (text === '' ? '' : `\n${text}`);
  return { out: framed(stdout.text()), err: framed(stderr.text()) };
}

/** An answer of JSON. */
export function answer(status: number, durationMs: number, body = '{"received":true}'): NonNullable<Delivery['response']> {
  return { status, headers: [['Content-Type', 'application/json']], body: Buffer.from(body), durationMs };
}

export function responded(status: number, durationMs: number, body?: string): Attempt & { outcome: 'responded' } {
  return {
    target: 'http://localhost:3000/webhooks',
    startedAt: AT,
    replay: false,
    outcome: 'responded',
    ...answer(status, durationMs, body),
  };
}

export const REFUSED: Attempt & { outcome: 'failed' } = {
  target: 'http://localhost:3000/webhooks',
  startedAt: AT,
  durationMs: 2,
  replay: false,
  outcome: 'failed',
  reason: 'refused',
  message: 'Nothing listens on localhost:3000 (connection refused).',
};

export const VALID: Delivery['verdict'] = {
  status: 'valid',
  reason: null,
  message: 'The signature in X-Webhook-Signature matches.',
  diagnosis: [],
};
export const UNCHECKED: Delivery['verdict'] = {
  status: 'unchecked',
  reason: 'no_secret',
  message: 'There is no secret to check the signature with.',
  diagnosis: [],
};
export const INVALID: Delivery['verdict'] = {
  status: 'invalid',
  reason: 'mismatch',
  message: 'The signature in X-Webhook-Signature does not match the body with the secret.',
  diagnosis: [
    {
      code: 'number_rewritten',
      message: 'A number was rewritten: 499.00 became 499 (data.order.total).',
      hint: 'Hash the raw bytes of the body, before any JSON parser has had them.',
    },
  ],
};

export function delivery(changes: Partial<Delivery> = {}, request: Partial<Delivery['request']> = {}): Delivery {
  return {
    id: 'dlv_01KAPQ7V000XABCDEFGHJKMNPQ',
    origin: 'received',
    receivedAt: AT,
    provider: 'connect2print',
    event: 'order.created',
    eventId: 'wh_1a2b3c4d5e6f',
    duplicateOf: null,
    request: {
      method: 'POST',
      path: '/hooks?x=1',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Webhook-Signature', 'aabbccddeeff'],
        ['Authorization', 'Bearer c2p_live_abc'],
      ],
      body: Buffer.from(
        '{"id":"wh_1a2b3c4d5e6f","event":"order.created","data":{"order":{"total":499.00,"paid":false,"items":[]}}}',
      ),
      ...request,
    },
    verdict: VALID,
    response: answer(200, 12.1),
    attempts: [],
    ...changes,
  };
}
