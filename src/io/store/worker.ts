/** The thread that keeps deliveries, so that no sender waits while another's is written to the disk. */
import { parentPort, workerData } from 'node:worker_threads';
import { errorToMessage, type Reply, type Request, type Response, unpack } from './messages.js';
import { openStore, type Store } from './store.js';

/** The search index waits for a pause of so many milliseconds. */
const QUIET_MS = 20;

const port = parentPort;
if (port !== null) serve(String(workerData));

function serve(path: string): void {
  const say = (response: Response): void => port?.postMessage(response);
  let store: Store;
  try {
    store = openStore(path);
  } catch (error) {
    say({ opened: errorToMessage(error) });
    return;
  }
  let replies: Reply[] = [];
  const reply = (one: Reply): void => {
    // All that one commit settles is told at once.
    if (replies.length === 0) {
      setImmediate(() => {
        say(replies);
        replies = [];
      });
    }
    replies.push(one);
  };
  const settle = (number: number, work: Promise<string | null>): void => {
    work.then(
      (duplicateOf) => reply({ number, duplicateOf }),
      (error: unknown) => reply({ number, error: errorToMessage(error) }),
    );
  };
  const indexing = whenQuiet(() => store.index());
  port?.on('message', (request: Request) => {
    if (request === 'close') {
      indexing.end();
      void store.close().finally(() => port?.close());
      return;
    }
    indexing.wait();
    for (const { number, delivery } of unpack(request.keep)) {
      settle(number, store.keepFlat(delivery));
    }
    for (const { number, id, outcome } of request.finish) {
      settle(
        number,
        store.finish(id, outcome).then(() => null),
      );
    }
  });
  say({ opened: null });
}

/**
 * Does some work, bit by bit, while there is nothing else to do.
 *
 * @param work Does a little of it. Resolves with false where there is no more for now.
 */
function whenQuiet(work: () => Promise<boolean>): { wait(): void; end(): void } {
  let quiet = false;
  let ended = false;
  const timer = setTimeout(() => {
    quiet = true;
    step();
  }, QUIET_MS).unref();
  function step(): void {
    work().then(
      (more) => {
        if (more && quiet) setImmediate(step);
        else if (more && !ended) timer.refresh();
      },
      // It is done later, or by whoever searches.
      () => {},
    );
  }
  return {
    wait() {
      quiet = false;
      timer.refresh();
    },
    end() {
      quiet = false;
      ended = true;
      clearTimeout(timer);
    },
  };
}
