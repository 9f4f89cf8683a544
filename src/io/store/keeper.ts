/**
 * Keeps deliveries in a thread of its own: the listener goes on receiving while the disk writes. One that comes alone, when there
 * is nothing else to do, is kept by the listener's thread: the way to the other and back would take longer than that saves.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, WebhookError } from '../../core/errors.js';
import type { Keeper } from '../../core/relay.js';
import { threadScript } from '../thread-script.js';
import { type FlatDelivery, flattener } from './flat.js';
import {
  detachedOutcome,
  messageToError,
  type Numbered,
  type Orders,
  pack,
  type Request,
  type Response,
  type Workplace,
} from './messages.js';
import type { Retention } from './retention.js';
import { Slots } from './slots.js';
import type { Store } from './store.js';

export interface OpenKeeper extends Keeper {
  /** Writes what is waiting, and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  /** It waits for a delivery to be kept, not for what became of one. */
  readonly keeps: boolean;
  readonly resolve: (result: { readonly duplicateOf: string | null }) => void;
  readonly reject: (error: unknown) => void;
}

/** So many deliveries are handed over without waiting for more of them: the disk then writes while others still arrive. */
const HANDFUL = 16;
/** Or so many bytes of them. */
const LARGE = 256_000;
/** A larger one is left to the thread, though it comes alone. Bytes. */
const SMALL = 16_000;
/** Of those that come alone so many stay here before one goes to the thread, which merges the log and indexes. */
const MOST_HERE = 250;
const FIRST = { duplicateOf: null };
/** Nobody waits for what became of a delivery, so it is written with what became of others: after so many milliseconds, or so many. */
const FINISH_MS = 25;
const MOST_FINISHED = 64;

export interface KeeperOptions {
  /** Bounds on what is kept, which the thread sees to; null: none. */
  readonly retention?: Retention | null;
  /** Told how many deliveries were beyond them, each time there were some. */
  readonly onRemoved?: (removed: number) => void;
}

/**
 * Opens the store in a thread.
 *
 * @throws WebhookError as `openStore` does.
 */
export async function openKeeper(path: string, options: KeeperOptions = {}): Promise<OpenKeeper> {
  const { retention = null, onRemoved = () => {} } = options;
  const worker = new Worker(threadScript('store-worker'), { workerData: { path, retention } satisfies Workplace });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', (response: Response) => {
      if (!('opened' in response) || response.opened === null) resolve();
      else reject(messageToError(response.opened));
    });
    worker.once('error', reject);
  });

  const waiting = new Slots<Waiting>();
  const flatten = flattener();
  let keeping: Numbered[] = [];
  let size = 0;
  let finishing: Array<Orders['finish'][number]> = [];
  let soon: NodeJS.Immediate | undefined;
  let later: NodeJS.Timeout | undefined;
  /** How many deliveries the thread has kept together, last. */
  let together = 0;
  /** How many are not kept yet. */
  let underWay = 0;
  /** How much the thread has not replied to yet. */
  let handedOver = 0;
  /** For those that come alone; null until there was one, and where it could not be opened. */
  let here: Store | null = null;
  let opening: Promise<void> | null = null;
  let keptHere = 0;
  let failure: Error | null = null;

  worker.on('message', (response: Response) => {
    if ('removed' in response) onRemoved(response.removed);
    if (!('done' in response)) return;
    handedOver -= response.done.length + response.others.length;
    let kept = 0;
    const take = (number: number): Waiting | null => {
      const waiter = waiting.take(number);
      if (waiter?.keeps === true) kept++;
      return waiter;
    };
    for (const number of response.done) take(number)?.resolve(FIRST);
    for (const reply of response.others) {
      const waiter = take(reply.number);
      if ('error' in reply) waiter?.reject(messageToError(reply.error));
      else waiter?.resolve(reply);
    }
    if (kept > 0) together = kept;
    underWay -= kept;
    if (kept === 1 && underWay === 0) opening ??= openHere();
  });
  const fail = (error: unknown): void => {
    failure = new WebhookError('store_unwritable', `Deliveries cannot be kept any more: ${messageOf(error)}`, {
      hint: 'Start it again.',
      cause: error,
    });
    for (const { reject } of waiting.takeAll()) reject(failure);
  };
  worker.on('error', fail);
  worker.on('exit', () => {
    if (waiting.size > 0) fail(new Error('the thread that keeps them ended'));
  });

  /** Waits for the answer to what is handed over under the number that `order` gets. */
  function answerTo(keeps: boolean, order: (number: number) => void): Promise<{ readonly duplicateOf: string | null }> {
    if (failure !== null) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      order(waiting.put({ keeps, resolve, reject }));
    });
  }

  function keep(number: number, delivery: FlatDelivery): void {
    keeping.push({ number, delivery });
    size += delivery.body.byteLength;
    // One alone waits for no others.
    const alone = underWay === 0 && together <= 1;
    underWay++;
    if (keeping.length >= HANDFUL || size >= LARGE || (alone && !mayStay())) send();
    // The turn's end is also when the app has been asked: it works while the disk does.
    else soon ??= setImmediate(() => keepHere() || send());
  }

  /** Whether what waits comes alone, and is soon kept. */
  function mayStay(): boolean {
    return keeping.length === 1 && size <= SMALL && handedOver === 0 && together <= 1 && here !== null && keptHere < MOST_HERE;
  }

  /** Keeps the only one that waits in this thread. False where that cannot be, or another process is writing just now. */
  function keepHere(): boolean {
    const [one] = keeping;
    if (one === undefined || here === null || !mayStay()) return false;
    const over = (): Waiting | null => {
      keptHere++;
      underWay--;
      keeping = [];
      size = 0;
      soon = undefined;
      return waiting.take(one.number);
    };
    try {
      const kept = here.keepNow(one.delivery);
      if (kept === null) return false;
      over()?.resolve(kept);
    } catch (error) {
      over()?.reject(error);
    }
    return true;
  }

  /** Opens what is kept here in a pause; the thread does without it. */
  async function openHere(): Promise<void> {
    try {
      const { openStore } = await import('./store.js');
      here = openStore(path, { mustExist: true, hurried: true });
    } catch {
      // The thread does it all, and says what is wrong.
    }
  }

  function send(finish: Orders['finish'] = []): void {
    clearImmediate(soon);
    soon = undefined;
    if (keeping.length === 0 && finish.length === 0) return;
    const keep = pack(keeping);
    worker.postMessage({ keep, finish } satisfies Request, [keep.bytes]);
    handedOver += keeping.length + finish.length;
    keptHere = 0;
    keeping = [];
    size = 0;
  }

  /** Apart from what is kept: a sender would wait for these as well. */
  function sendFinished(): void {
    clearTimeout(later);
    later = undefined;
    const finish = finishing;
    finishing = [];
    send(finish);
  }

  return {
    keep: (delivery) => answerTo(true, (number) => keep(number, flatten(delivery))),
    async finish(id, outcome) {
      await answerTo(false, (number) => {
        finishing.push({ number, id, outcome: detachedOutcome(outcome) });
        if (finishing.length >= MOST_FINISHED) sendFinished();
        else later ??= setTimeout(sendFinished, FINISH_MS);
      });
    },
    async close() {
      sendFinished();
      while (waiting.size > 0 && failure === null) await new Promise((resolve) => setImmediate(resolve));
      worker.postMessage('close' satisfies Request);
      await ended;
      await opening;
      await here?.close();
    },
  };
}
