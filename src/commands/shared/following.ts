/** What other processes keep, told as it comes. */
import type { Selector } from '../../core/delivery/selector.js';
import type { Store } from '../../io/store/store.js';
import { pause } from './pause.js';

/** How often it is looked whether the file has changed, in milliseconds. */
const LOOK_MS = 200;
/** A delivery is shown once its sender is answered; one that is not for so long is shown as it is. */
const ANSWER_MS = 10_000;

export interface FollowingOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  elapsed(): number;
}

/**
 * Gives what has been kept since the call, each time there is something, until it is aborted.
 *
 * @param read Reads what is selected.
 */
export function following<T>(
  store: Store,
  selector: Selector,
  read: (selector: Selector) => Iterable<T>,
  options: FollowingOptions,
): AsyncGenerator<T, void, undefined> {
  // At the call: a generator begins only when it is first asked, and what is kept until then would never be given.
  return follow(store, selector, read, options, { mark: store.mark(), version: store.version() });
}

async function* follow<T>(
  store: Store,
  selector: Selector,
  read: (selector: Selector) => Iterable<T>,
  { signal, elapsed }: FollowingOptions,
  { mark, version }: { mark: number; version: number },
): AsyncGenerator<T, void, undefined> {
  /** What is not answered yet, and since when it waits. */
  const waiting = new Map<string, number>();
  while (!signal.aborted) {
    await pause(LOOK_MS, signal);
    const current = store.version();
    const overdue = [...waiting.values()].some((since) => elapsed() - since > ANSWER_MS);
    if (current === version && !overdue) continue;
    version = current;
    for (let more = true; more; ) {
      const kept = store.keptAfter(mark);
      more = kept.ids.length > 0;
      mark = kept.mark;
      for (const id of kept.ids) waiting.set(id, elapsed());
      const ids = takeReady(waiting, store.answered([...waiting.keys()]), elapsed());
      if (ids.length > 0) yield* read({ ...selector, ids, last: null, limit: null });
    }
  }
}

/** Takes out what is to be shown now, and what is not kept any more. */
function takeReady(waiting: Map<string, number>, answered: ReadonlyMap<string, boolean>, now: number): string[] {
  const ready: string[] = [];
  for (const [id, since] of waiting) {
    const state = answered.get(id);
    if (state === false && now - since <= ANSWER_MS) continue;
    waiting.delete(id);
    if (state !== undefined) ready.push(id);
  }
  return ready;
}
