/** Records the attempts of a replay, many in one commit: to wait for the disk after each one takes longer than sending it. */
import type { Attempt } from '../../../core/delivery/delivery.js';
import type { OpenKeeper } from '../../../io/store/keeper.js';
import type { Store } from '../../../io/store/store.js';

/** So many are recorded at once, or as many as came within the pause. */
const AT_ONCE = 512;
const BYTES_AT_ONCE = 4_000_000;
const PAUSE_MS = 100;
/** Beyond so many of these that wait, sending does. */
const MOST_WAITING = 4;

export interface Recorder {
  /**
   * Takes an attempt to be recorded.
   *
   * @returns Null: go on; else what is to be waited for first, since enough is waiting.
   * @throws WebhookError where earlier ones could not be recorded.
   */
  add(id: string, attempt: Attempt): Promise<void> | null;
  /** Settles once all are on disk. Throws where one is not. */
  end(): Promise<void>;
}

/**
 * @param store records those of a short replay.
 * @param openKeeper opens the same store in a thread, for the rest of a long one: the disk then writes while others are sent.
 */
export function createRecorder(
  store: Pick<Store, 'record'>,
  openKeeper: () => Promise<Pick<OpenKeeper, 'finish' | 'close'>>,
): Recorder {
  let waiting: Array<readonly [id: string, attempt: Attempt]> = [];
  let bytes = 0;
  let keeper: Pick<OpenKeeper, 'finish' | 'close'> | null = null;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown = null;

  /** One batch after another: what comes meanwhile is the next. */
  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      if (waiting.length >= AT_ONCE) keeper ??= await openKeeper();
      const some = waiting;
      waiting = [];
      bytes = 0;
      const thread = keeper;
      if (thread === null) await store.record(some);
      else await Promise.all(some.map(([id, attempt]) => thread.finish(id, { attempts: [attempt] })));
    }
  }

  function begin(): Promise<void> {
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  }

  function inBackground(): void {
    begin().catch((error: unknown) => {
      failure ??= error;
    });
  }

  return {
    add(id, attempt) {
      if (failure !== null) throw failure;
      waiting.push([id, attempt]);
      bytes += attempt.outcome === 'responded' ? attempt.body.length : 0;
      if (waiting.length >= MOST_WAITING * AT_ONCE || bytes >= MOST_WAITING * BYTES_AT_ONCE) return begin();
      if (waiting.length >= AT_ONCE || bytes >= BYTES_AT_ONCE) inBackground();
      else timer ??= setTimeout(inBackground, PAUSE_MS);
      return null;
    },
    async end() {
      try {
        await begin();
        if (failure !== null) throw failure;
      } finally {
        await keeper?.close();
      }
    },
  };
}
