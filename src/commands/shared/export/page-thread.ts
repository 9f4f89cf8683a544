/** A thread that writes pages of an export, as it is seen by who asks it to. */
import { Worker } from 'node:worker_threads';
import type { Part, Store } from '../../../io/store/store.js';
import { threadScript } from '../../../io/thread-script.js';
import type { Page } from './json-piece.js';

/** What the thread is begun with. */
export interface PagePlace {
  readonly path: string;
  readonly layout: 'line' | 'item';
}

/** What the thread is told. `close`: close the store, and end. */
export type PageRequest = Part | 'close';
/** And what it says: that the store is open; then of each part its page, or null where it could not be written. */
export type PageReply = 'open' | Page | null;

export interface PageThread {
  /** Whether it can be asked by now. */
  isOpen(): boolean;
  /** Null: it could not be written. */
  write(part: Part): Promise<Page | null>;
  /** Resolves when it has closed the store. */
  close(): Promise<void>;
}

/** Begins one that opens the same store. */
export function beginThread(store: Store, layout: 'line' | 'item'): PageThread {
  const worker = new Worker(threadScript('export-thread'), { workerData: { path: store.path, layout } satisfies PagePlace });
  const waiting: Array<(page: Page | null) => void> = [];
  let isOpen = false;
  worker.on('message', (reply: PageReply) => {
    // A store that is no longer at its path is not the one that the thread has opened.
    if (reply === 'open') isOpen = store.isCurrent();
    else waiting.shift()?.(reply);
  });
  // Why it could not go on is found out where its work is done in its place.
  worker.on('error', () => {});
  const ended = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      isOpen = false;
      for (const resolvePage of waiting.splice(0)) resolvePage(null);
      resolve();
    }),
  );
  const say = (request: PageRequest): void => worker.postMessage(request);
  return {
    isOpen: () => isOpen,
    write: (part) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        say(part);
      }),
    async close() {
      say('close');
      await ended;
    },
  };
}
