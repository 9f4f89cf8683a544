import { availableParallelism } from 'node:os';
import type { Part, Store } from '../../../io/store/store.js';
import { type Page, pageWriter } from './json-piece.js';
import type { PageThread } from './page-thread.js';

/** So many parts are written here before a thread is begun, which takes as long as writing some of them does. */
const ALONE = 8;
/** What the thread has yet to write, and what is written here, by turns. */
const UNDER_WAY = 4;

/**
 * What is in these parts of a store as JSON, in their order. Where there are many, every other one is read and written by a thread
 * of its own: nearly all of an export is work for the processor.
 *
 * @param alone See ALONE.
 */
export async function* jsonPages(
  store: Store,
  parts: Iterable<Part>,
  layout: 'line' | 'item',
  alone: number = ALONE,
): AsyncGenerator<Page, void, undefined> {
  const write = pageWriter(layout);
  const coming = parts[Symbol.iterator]();
  const underWay: Array<{ readonly part: Part; readonly there: Promise<Page | null> | null }> = [];
  let thread = null as PageThread | null;
  let isThreadsTurn = true;
  let written = 0;
  try {
    for (;;) {
      while (underWay.length < (thread?.isOpen() === true ? UNDER_WAY : 1)) {
        const { value: part, done } = coming.next();
        if (done === true) break;
        // What is large is not to stand in memory twice, nor before its time.
        const there = thread?.isOpen() === true && isThreadsTurn && part.length > 1 ? thread.write(part) : null;
        underWay.push({ part, there });
        isThreadsTurn = !isThreadsTurn;
      }
      const next = underWay.shift();
      if (next === undefined) return;
      // What the thread could not write is tried here, which says why.
      yield (await next.there) ?? write(store.load(next.part));
      written++;
      if (written === alone && availableParallelism() > 1) thread = (await import('./page-thread.js')).beginThread(store, layout);
      // Who takes the pages may have nothing to wait for, and the thread could not be heard.
      if (thread?.isOpen() === false) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await thread?.close();
  }
}
