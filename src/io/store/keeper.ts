/** Keeps deliveries in a thread of its own: the listener goes on receiving while the disk writes. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import { messageOf, WebhookError } from '../../core/errors.js';
import type { Keeper } from '../../core/relay.js';
import { cutOut, messageToError, type Order, type Outcome, type Request, type Response } from './messages.js';

export interface OpenKeeper extends Keeper {
  /** Writes what is waiting, and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: { readonly duplicateOf: string | null }) => void;
  readonly reject: (error: unknown) => void;
}

/** An order before it has its number. */
type Unnumbered = { readonly keep: Delivery } | { readonly finish: string; readonly outcome: Outcome };

/**
 * Opens the store in a thread.
 *
 * @throws WebhookError as `openStore` does.
 */
export async function openKeeper(path: string, script: URL = workerScript()): Promise<OpenKeeper> {
  const worker = new Worker(script, { workerData: path });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', (response: Response) => {
      if (!('opened' in response) || response.opened === null) resolve();
      else reject(messageToError(response.opened));
    });
    worker.once('error', reject);
  });

  const waiting = new Map<number, Waiting>();
  let orders: Order[] = [];
  let number = 0;
  let failure: Error | null = null;

  worker.on('message', (response: Response) => {
    if (!Array.isArray(response)) return;
    for (const reply of response) {
      const waiter = waiting.get(reply.number);
      waiting.delete(reply.number);
      if ('error' in reply) waiter?.reject(messageToError(reply.error));
      else waiter?.resolve(reply);
    }
  });
  const fail = (error: unknown): void => {
    failure = new WebhookError('store_unwritable', `Deliveries cannot be kept any more: ${messageOf(error)}`, {
      hint: 'Start it again.',
      cause: error,
    });
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => {
    if (waiting.size > 0) fail(new Error('the thread that keeps them ended'));
  });

  function order(what: Unnumbered): Promise<{ readonly duplicateOf: string | null }> {
    if (failure !== null) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      const own = number++;
      waiting.set(own, { resolve, reject });
      if (orders.length === 0) setImmediate(send);
      orders.push({ number: own, ...what });
    });
  }

  function send(): void {
    const request: Request = orders;
    orders = [];
    worker.postMessage(request);
  }

  return {
    keep: (delivery) => order({ keep: detached(delivery) }),
    async finish(id, outcome) {
      await order({ finish: id, outcome: detachedOutcome(outcome) });
    },
    async close() {
      while (waiting.size > 0 && failure === null) await new Promise((resolve) => setImmediate(resolve));
      worker.postMessage('close' satisfies Request);
      await ended;
    },
  };
}

function detached(delivery: Delivery): Delivery {
  const { request, response } = delivery;
  return {
    ...delivery,
    request: { ...request, body: cutOut(request.body) },
    response: response === null ? null : { ...response, body: cutOut(response.body) },
    attempts: delivery.attempts.map(detachedAttempt),
  };
}

function detachedOutcome({ response, attempts, diagnosis }: Outcome): Outcome {
  return {
    ...(response === undefined ? {} : { response: { ...response, body: cutOut(response.body) } }),
    ...(attempts === undefined ? {} : { attempts: attempts.map(detachedAttempt) }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  };
}

function detachedAttempt(attempt: Attempt): Attempt {
  return attempt.outcome === 'responded' ? { ...attempt, body: cutOut(attempt.body) } : attempt;
}

/** The built script: beside this file where that is built, else in the folder of what is. */
function workerScript(): URL {
  for (const place of ['./store-worker.js', '../../../dist/program/store-worker.js']) {
    const url = new URL(place, import.meta.url);
    if (existsSync(fileURLToPath(url))) return url;
  }
  throw new WebhookError('store_unwritable', 'A part of the program is missing: store-worker.js.', { hint: 'Install it anew.' });
}
