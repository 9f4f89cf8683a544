/** What the thread does that writes pages of an export. */
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../../../io/store/store.js';
import { pageWriter } from './json-piece.js';
import type { PagePlace, PageReply, PageRequest } from './page-thread.js';

if (parentPort !== null) serve(parentPort, workerData);

function serve(port: NonNullable<typeof parentPort>, { path, layout }: PagePlace): void {
  const store = openStore(path, { readOnly: true, mustExist: true });
  const write = pageWriter(layout);
  const say = (reply: PageReply): void => port.postMessage(reply);
  port.on('message', (request: PageRequest) => {
    if (request === 'close') {
      void store.close().finally(() => port.close());
      return;
    }
    try {
      const { bytes, deliveries } = write(store.load(request));
      // A message takes the whole buffer with it that bytes are a part of.
      say({ bytes: Uint8Array.from(bytes), deliveries });
    } catch {
      say(null);
    }
  });
  say('open');
}
