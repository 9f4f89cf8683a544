/** Records the attempts of a replay, many in one commit: to wait for the disk after each one takes longer than sending it. */
import type { Attempt } from '../../../core/delivery/delivery.js';
import type { Store } from '../../../io/store/store.js';

/** So many are recorded at once, or as many as came within the pause. */
const AT_ONCE = 512;
const BYTES_AT_ONCE = 4_000_000;
const PAUSE_MS = 100;

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

export function createRecorder(store: Pick<Store, 'record'>): Recorder {
  let waiting: Array<readonly [id: string, attempt: Attempt]> = [];
  let bytes = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** One after another: what comes meanwhile is written at once, after it. */
  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const some = waiting;
      waiting = [];
      bytes = 0;
      await store.record(some);
    }
  }

  function begin(): Promise<void> {
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  }

  let failure: unknown = null;
  const inBackground = (): void => {
    begin().catch((error: unknown) => {
      failure ??= error;
    });
  };

  return {
    add(id, attempt) {
      if (failure !== null) throw failure;
      waiting.push([id, attempt]);
      bytes += attempt.outcome === 'responded' ? attempt.body.length : 0;
      if (waiting.length >= AT_ONCE || bytes >= BYTES_AT_ONCE) return begin();
      timer ??= setTimeout(inBackground, PAUSE_MS);
      return null;
    },
    async end() {
      await begin();
      if (failure !== null) throw failure;
    },
  };
}
