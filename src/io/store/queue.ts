import { hostname } from 'node:os';
import type { Attempt, Delivery } from '../../core/delivery/delivery.js';
import { redactUrl } from '../../core/delivery/redact.js';
import { codeOf, WebhookError } from '../../core/errors.js';
import type { NewQueueEntry, QueueEntry, QueueStore } from '../../core/queue.js';
import type { GroupCommit } from './batch.js';
import type { Ask, Connection } from './connection.js';
import { recordAttempts } from './recording.js';
import * as rows from './rows.js';

/** What the queue needs of the store that it is part of. */
export interface QueueParts {
  readonly connection: Connection;
  readonly writes: GroupCommit;
  get(id: string): Delivery | null;
}

export interface QueueClaim {
  /** Lets others have it; waits for the disk. */
  release(): Promise<void>;
}

/** Its process lives, but has not said so for as long: it hangs, or the number is another program's by now. */
const STALE_MS = 30_000;
const BEAT_MS = 5_000;

/** The runs in this process: a number alone does not tell one from a run before it, which had the same. */
const ownersHere = new Set<string>();

/** The queue of deliveries that wait for their target; made by `Store.queue`. */
export class StoreQueue implements QueueStore {
  readonly #parts: QueueParts;
  readonly #owner: string;

  /** @param owner tells this run from every other. */
  constructor(parts: QueueParts, owner: string) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /**
   * Takes the queues of these targets for this run, until it is released: two that hand on the same queue would deliver twice.
   *
   * @throws WebhookError `queue_taken` where another program that runs has one of them.
   */
  claim(targets: readonly string[], now: () => number = Date.now): QueueClaim {
    const { connection, writes } = this.#parts;
    connection.transact(() => {
      for (const target of targets) {
        const found = connection.first('SELECT owner, host, pid, seen_at FROM queue_owners WHERE target = ?', [
          rows.encode(target),
        ]);
        if (found !== null && lives(found, now())) {
          throw new WebhookError(
            'queue_taken',
            `Another webhook (process ${rows.number(found[2])}) hands on the queue for ${redactUrl(target)}.`,
            {
              hint: 'End that one first, or use another store: --store <path>',
            },
          );
        }
        connection.run('INSERT OR REPLACE INTO queue_owners (target, owner, host, pid, seen_at) VALUES (?, ?, ?, ?, ?)', [
          rows.encode(target),
          this.#owner,
          rows.encode(hostname()),
          process.pid,
          now(),
        ]);
      }
    });
    ownersHere.add(this.#owner);
    const beat = setInterval(() => {
      // Where it fails once, the next one comes soon enough.
      writes
        .add(0, () => connection.run('UPDATE queue_owners SET seen_at = ? WHERE owner = ?', [now(), this.#owner]))
        .catch(() => {});
    }, BEAT_MS).unref();
    return {
      release: async () => {
        clearInterval(beat);
        ownersHere.delete(this.#owner);
        await writes.add(0, () => connection.run('DELETE FROM queue_owners WHERE owner = ?', [this.#owner]));
      },
    };
  }

  waiting(): ReadonlyMap<string, number> {
    return waitingIn(this.#parts.connection.ask);
  }

  add({ id, target, remoteAddress, protocol, tries, begun }: NewQueueEntry): Promise<void> {
    const cells = [rows.encode(id), rows.encode(target), remoteAddress, protocol, tries, begun ? 1 : 0];
    return this.#write(() => this.#parts.connection.run(INSERT, cells));
  }

  next(target: string, after?: QueueEntry): QueueEntry | null {
    const cells = [rows.encode(target), ...(after === undefined ? [] : [rows.encode(after.delivery.id)])];
    const [found] = this.#parts.connection.ask(after === undefined ? FIRST : BEHIND, cells);
    const delivery = found === undefined ? null : this.#parts.get(rows.text(found[1]));
    if (found === undefined || delivery === null) return null;
    return {
      number: rows.number(found[0]),
      target,
      delivery,
      remoteAddress: rows.text(found[2]),
      protocol: found[3] === 'https' ? 'https' : 'http',
      tries: rows.number(found[4]),
      begun: found[5] === 1,
    };
  }

  begin(entry: QueueEntry): Promise<void> {
    return this.#write(() => {
      const { connection } = this.#parts;
      connection.run(
        'UPDATE queue SET begun = 1 WHERE number = ? AND target IN (SELECT target FROM queue_owners WHERE owner = ?)',
        [entry.number, this.#owner],
      );
      if (rows.number(connection.first('SELECT changes()')?.[0]) === 0) {
        throw new WebhookError('queue_taken', `Another webhook has taken over the queue for ${redactUrl(entry.target)}.`);
      }
    });
  }

  settle(entry: QueueEntry, attempt: Attempt, next: Parameters<QueueStore['settle']>[2]): Promise<void> {
    const { id } = entry.delivery;
    const { connection } = this.#parts;
    const outcome = recordAttempts(id, null, [attempt]);
    return this.#write(
      () => {
        for (const { sql, cells } of outcome) connection.run(sql, cells);
        if (next.again) {
          const tries = attempt.outcome === 'responded' ? 1 : 0;
          connection.run('UPDATE queue SET tries = tries + ?, begun = ? WHERE number = ?', [
            tries,
            next.begun ? 1 : 0,
            entry.number,
          ]);
        } else connection.run('DELETE FROM queue WHERE number = ?', [entry.number]);
      },
      rows.bytesOf(null, [attempt]),
    );
  }

  #write(run: () => void, bytes = 0): Promise<void> {
    return this.#parts.writes.add(bytes, run);
  }
}

/** How many wait for each target that no program hands them on to. */
export function leftInQueue(ask: Ask, now: number): ReadonlyMap<string, number> {
  const owned = ask('SELECT owner, host, pid, seen_at, target FROM queue_owners').filter((row) => lives(row, now));
  const targets = new Set(owned.map((row) => rows.text(row[4])));
  return new Map([...waitingIn(ask)].filter(([target]) => !targets.has(target)));
}

/** Which deliveries wait for a target. */
export function queuedIds(ask: Ask): ReadonlySet<string> {
  return new Set(ask('SELECT DISTINCT id FROM queue').map(([id]) => rows.text(id)));
}

/** The targets that a delivery waits for. */
export function queuedFor(ask: Ask, id: string): string[] {
  return ask('SELECT DISTINCT target FROM queue WHERE id = ?', [rows.encode(id)]).map(([target]) => rows.text(target));
}

function waitingIn(ask: Ask): Map<string, number> {
  const found = ask('SELECT target, count(*) FROM queue GROUP BY target');
  return new Map(found.map(([target, count]) => [rows.text(target), rows.number(count)]));
}

const INSERT = 'INSERT INTO queue (id, target, remote_address, protocol, tries, begun) VALUES (?, ?, ?, ?, ?, ?)';
/** In the order of arrival, which is that of the ids; what was deleted meanwhile is passed over. */
const next = (which: string): string =>
  `SELECT number, id, remote_address, protocol, tries, begun FROM queue WHERE ${which} AND EXISTS ` +
  '(SELECT 1 FROM deliveries WHERE deliveries.id = queue.id) ORDER BY id LIMIT 1';
const FIRST = next('target = ?');
const BEHIND = next('target = ? AND id > ?');

/** Whether the run that a row of `queue_owners` names still goes on. */
function lives([owner, host, process_, seenAt]: rows.Row, now: number): boolean {
  const pid = rows.number(process_);
  if (Math.abs(now - rows.number(seenAt)) > STALE_MS) return false;
  // Another machine's, or container's: its word has to do.
  if (rows.text(host) !== hostname()) return true;
  if (pid === process.pid) return ownersHere.has(rows.text(owner));
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return codeOf(error) === 'EPERM';
  }
}
