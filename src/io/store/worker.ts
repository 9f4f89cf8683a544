/** The thread that keeps deliveries, so that no sender waits while another's is written to the disk. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Kept } from './keeping.js';
import { errorToMessage, type Reply, type Request, type Response, unpack, type Workplace } from './messages.js';
import { whenQuiet } from './quiet.js';
import { openStore, type Retention, type Store } from './store.js';

/** The search index waits for a pause of so many milliseconds. */
const QUIET_MS = 20;
/** Between two steps towards the store's bounds, and two rounds of them. */
const STEP_MS = 20;
const ROUND_MS = 300_000;

const port = parentPort;
if (port !== null) serve(workerData);

function serve({ path, retention }: Workplace): void {
  const say = (response: Response): void => port?.postMessage(response);
  let store: Store;
  try {
    store = openStore(path);
  } catch (error) {
    say({ opened: errorToMessage(error) });
    return;
  }
  let done: number[] = [];
  let others: Reply[] = [];
  // All that one commit settles is told at once.
  const tellSoon = (): void => {
    if (done.length > 0 || others.length > 0) return;
    process.nextTick(() => {
      say({ done, others });
      done = [];
      others = [];
    });
  };
  const settle = (numbers: readonly number[], work: Promise<readonly Kept[] | undefined>): void => {
    work.then(
      (kept) => {
        tellSoon();
        numbers.forEach((number, at) => {
          const one = kept?.[at];
          if (one !== undefined && 'error' in one) others.push({ number, error: errorToMessage(one.error) });
          else if (one !== undefined && one.duplicateOf !== null) others.push({ number, duplicateOf: one.duplicateOf });
          else done.push(number);
        });
      },
      (error: unknown) => {
        tellSoon();
        for (const number of numbers) others.push({ number, error: errorToMessage(error) });
      },
    );
  };
  const indexing = whenQuiet(QUIET_MS, () => store.index());
  const bounds = retention === null ? null : retaining(store, retention, (removed) => say({ removed }));
  port?.on('message', (request: Request) => {
    if (request === 'close') {
      indexing.end();
      bounds?.end();
      void store.close().finally(() => port?.close());
      return;
    }
    indexing.wait();
    const keep = unpack(request.keep);
    if (keep.length > 0) {
      settle(
        keep.map(({ number }) => number),
        store.keepFlat(keep.map(({ delivery }) => delivery)),
      );
    }
    for (const { number, id, outcome } of request.finish) {
      settle(
        [number],
        store.finish(id, outcome).then(() => undefined),
      );
    }
  });
  say({ opened: null });
}

/** Keeps the store within bounds: at once, and from time to time. */
function retaining(store: Store, retention: Retention, tell: (removed: number) => void): { end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const later = (ms: number, work: () => void): void => {
    timer = setTimeout(work, ms).unref();
  };
  const begin = (): void => {
    const steps = store.retain(retention, Date.now());
    let removed = 0;
    const step = (): void => {
      try {
        const { done, value } = steps.next();
        if (done !== true) {
          removed += value;
          later(STEP_MS, step);
          return;
        }
      } catch {
        // The next round goes on with it.
      }
      if (removed > 0) tell(removed);
      later(ROUND_MS, begin);
    };
    step();
  };
  later(0, begin);
  return { end: () => clearTimeout(timer) };
}
