import { WebhookError } from '../core/errors.js';
import { formatDuration, timerMs } from '../core/units.js';

export interface Wanted<D> {
  /** For the message, where it does not come: `order.created`. */
  readonly what: string;
  matches(arrived: D): boolean;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

interface Waiting<D> {
  matches(arrived: D): boolean;
  resolve(arrived: D): void;
  /** Nothing is to be expected any more. */
  giveUp(why: string): void;
}

/** So many of those that did arrive are named where another one was waited for. */
const MOST_NAMED = 10;

/** What has arrived, in order. Each is handed out once, to who asked first, whether before or after it came. */
export class Inbox<D> {
  readonly #describe: (arrived: D) => string;
  #arrived: Array<{ readonly one: D; handedOut: boolean }> = [];
  readonly #waiting = new Set<Waiting<D>>();
  #closed = false;

  /** @param describe One that arrived, in a few words: `order.created`. */
  constructor(describe: (arrived: D) => string) {
    this.#describe = describe;
  }

  /** All of them, handed out or not. */
  get all(): readonly D[] {
    return this.#arrived.map(({ one }) => one);
  }

  add(arrived: D): void {
    const first = [...this.#waiting].find((waiting) => waiting.matches(arrived));
    this.#arrived.push({ one: arrived, handedOut: first !== undefined });
    first?.resolve(arrived);
  }

  /** @throws WebhookError `expectation_failed` where it does not come in time; it says what did. */
  next({ what, matches, timeoutMs }: Wanted<D>): Promise<D> {
    const there = this.#arrived.find(({ one, handedOut }) => !handedOut && matches(one));
    if (there !== undefined) {
      there.handedOut = true;
      return Promise.resolve(there.one);
    }
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting<D> = {
        matches,
        resolve: (arrived) => {
          end();
          resolve(arrived);
        },
        giveUp: (why) => {
          end();
          reject(new WebhookError('expectation_failed', `No ${what} arrived ${why}. ${this.#summary()}`));
        },
      };
      const timer = setTimeout(() => waiting.giveUp(`within ${formatDuration(timeoutMs)}`), timerMs(timeoutMs));
      this.#waiting.add(waiting);
      if (this.#closed) waiting.giveUp('before the receiver was closed');
    });
  }

  /** Forgets what has arrived. Who waits goes on waiting. */
  clear(): void {
    this.#arrived = [];
  }

  close(): void {
    this.#closed = true;
    for (const waiting of [...this.#waiting]) waiting.giveUp('before the receiver was closed');
  }

  #summary(): string {
    if (this.#arrived.length === 0) return 'Nothing did.';
    const last = this.#arrived.slice(-MOST_NAMED);
    const named = last.map(({ one, handedOut }) => this.#describe(one) + (handedOut ? ' (handed out before)' : ''));
    const more = this.#arrived.length - last.length;
    return `What did: ${more > 0 ? `${more} more, then ` : ''}${named.join(', ')}.`;
  }
}
