import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Attempt, Delivery } from '../../../src/core/delivery/delivery.js';
import { createIdSource } from '../../../src/core/delivery/id.js';
import { EVERYTHING, type Selector } from '../../../src/core/delivery/selector.js';
import { openStore, type Store, type StoreOptions } from '../../../src/io/store/store.js';

/** 2026-11-22T14:02:11.000Z */
export const START = 1795356131000;

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'webhook-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));
  return directory;
}

/** A store that is closed after the test; of its own, unless a path is given. */
export function temporaryStore(path: string = join(temporaryDirectory(), 'deliveries.db'), options: StoreOptions = {}): Store {
  const store = openStore(path, options);
  onTestFinished(() => store.close());
  return store;
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}

/** Gives deliveries a second apart, the same ones in each run. */
export function deliverySource(): (overrides?: Partial<Delivery>) => Delivery {
  let seed = 1;
  let time = START;
  const nextId = createIdSource(
    () => time,
    (size) =>
      Uint8Array.from({ length: size }, () => {
        seed = (seed * 48271) % 0x7fffffff;
        return seed & 0xff;
      }),
  );
  return (overrides = {}) => {
    time = overrides.receivedAt ?? time + 1_000;
    return {
      id: nextId(),
      origin: 'received',
      receivedAt: time,
      provider: 'connect2print',
      event: 'order.created',
      eventId: null,
      duplicateOf: null,
      request: {
        method: 'POST',
        path: '/hooks?x=1',
        headers: [['Content-Type', 'application/json']],
        body: bytesOf('{"total":499.00}'),
      },
      verdict: { status: 'valid', reason: null, message: 'The signature is valid.', diagnosis: [] },
      response: null,
      attempts: [],
      ...overrides,
    };
  };
}

export function responded(status: number, body = 'ok'): Attempt {
  return {
    target: 'http://localhost:3000/hooks',
    startedAt: START,
    durationMs: 11.2,
    replay: false,
    outcome: 'responded',
    status,
    headers: [['X-App', 'one']],
    body: bytesOf(body),
  };
}

export function refused(): Attempt {
  return {
    target: 'http://localhost:3000/hooks',
    startedAt: START,
    durationMs: 0.5,
    replay: true,
    outcome: 'failed',
    reason: 'refused',
    message: 'Nothing listens there.',
  };
}

export function selecting(part: Partial<Selector>): Selector {
  return { ...EVERYTHING, ...part };
}

export function idsOf(rows: Iterable<{ readonly id: string }>): string[] {
  return [...rows].map(({ id }) => id);
}
