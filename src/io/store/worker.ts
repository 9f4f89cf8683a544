/** The thread that keeps deliveries, so that no sender waits while another's is written to the disk. */
import { parentPort, workerData } from 'node:worker_threads';
import { errorToMessage, type Reply, type Request, type Response, unpack } from './messages.js';
import { openStore, type Store } from './store.js';

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
  port?.on('message', (request: Request) => {
    if (request === 'close') {
      void store.close().finally(() => port?.close());
      return;
    }
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
