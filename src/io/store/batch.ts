import { WebhookError } from '../../core/errors.js';

const MAX_JOBS = 256;
const MAX_BYTES = 8_000_000;
const RETRY_MS = 5;

/** The transaction that jobs share. Each part throws what the database says. */
export interface Transaction {
  begin(): void;
  commit(): void;
  /** Undoes what was begun. It does not throw, and there may be nothing to undo. */
  rollback(error: unknown): void;
  isBusy(error: unknown): boolean;
  explain(error: unknown): WebhookError;
}

interface Job {
  readonly bytes: number;
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits together what arrives together: the jobs of one turn of the event loop share a transaction, and so a single
 * write to the disk. While another process holds the database locked, the event loop goes on and it is tried again.
 */
export class GroupCommit {
  readonly #transaction: Transaction;
  readonly #busyTimeout: number;
  #queue: Job[] = [];
  #scheduled = false;
  #busySince: number | null = null;
  #idle: Array<() => void> = [];

  constructor(transaction: Transaction, busyTimeout: number) {
    this.#transaction = transaction;
    this.#busyTimeout = busyTimeout;
  }

  /**
   * Settles once the transaction that held `run` is committed, or has failed. A WebhookError thrown by `run` fails this
   * job alone, which must then have changed nothing; anything else fails the batch.
   *
   * @param bytes Roughly how much it writes.
   */
  add<T>(bytes: number, run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        bytes,
        run: () => {
          result = run();
        },
        resolve: () => resolve(result),
        reject,
      });
      this.#schedule();
    });
  }

  /** Settles once nothing is waiting. */
  drain(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the sockets that are ready now have been read, and so after all their deliveries have come in.
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const jobs = this.#nextBatch();
    try {
      this.#transaction.begin();
      this.#busySince = null;
    } catch (error) {
      if (this.#transaction.isBusy(error) && this.#mayWait()) {
        this.#scheduled = true;
        setTimeout(() => this.#flush(), RETRY_MS);
        return;
      }
      this.#busySince = null;
      this.#transaction.rollback(error);
      this.#settle(jobs, (job) => job.reject(this.#transaction.explain(error)));
      return;
    }
    const refused = new Map<Job, WebhookError>();
    try {
      for (const job of jobs) {
        try {
          job.run();
        } catch (error) {
          if (!(error instanceof WebhookError)) throw error;
          refused.set(job, error);
        }
      }
      this.#transaction.commit();
    } catch (error) {
      this.#transaction.rollback(error);
      this.#settle(jobs, (job) => job.reject(refused.get(job) ?? this.#transaction.explain(error)));
      return;
    }
    this.#settle(jobs, (job) => {
      const error = refused.get(job);
      if (error === undefined) job.resolve(undefined);
      else job.reject(error);
    });
  }

  #mayWait(): boolean {
    this.#busySince ??= performance.now();
    return performance.now() - this.#busySince < this.#busyTimeout;
  }

  /** At least one job; they stay in the queue until they are settled. */
  #nextBatch(): readonly Job[] {
    let bytes = 0;
    let count = 0;
    for (const job of this.#queue) {
      bytes += job.bytes;
      if (count > 0 && (count >= MAX_JOBS || bytes > MAX_BYTES)) break;
      count += 1;
    }
    return this.#queue.slice(0, count);
  }

  #settle(jobs: readonly Job[], each: (job: Job) => void): void {
    this.#queue = this.#queue.slice(jobs.length);
    for (const job of jobs) each(job);
    if (this.#queue.length > 0) {
      this.#schedule();
      return;
    }
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
