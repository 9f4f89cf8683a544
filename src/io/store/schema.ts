import type Database from 'libsql';
import { WebhookError } from '../../core/errors.js';

/** Marks a database as a store of this program: `whk1` as a number. */
const APPLICATION_ID = 0x77_68_6b_31;

/**
 * One step forward each; the store's version is how many it has taken. A step that was once published never changes.
 *
 * `deliveries` is slim, so that a million of them are looked through in a moment. It is kept in the order of the ids,
 * which is the order of time: new rows go to its end. What is large stands in tables of its own, joined by `content`:
 * a number in the order of arrival. An answer that is known from the start stands there, a later one in `responses`, so that
 * the body need not be written again. `bytes` counts all bodies of a delivery, so that a reader can bound what it loads.
 *
 * Each index costs every insert, so there are only these: event ids, to find duplicates; event names, to find rare ones
 * (they have few values, so the pages they touch are hot); and three that only hold the rare rows they are about.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    content INTEGER NOT NULL,
    origin TEXT NOT NULL,
    received_at REAL NOT NULL,
    provider TEXT,
    event TEXT,
    event_id TEXT,
    duplicate_of TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    message TEXT NOT NULL,
    body_size INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    skewed INTEGER NOT NULL,
    response_status INTEGER,
    response_ms REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    last_outcome TEXT,
    last_status INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX deliveries_event_id ON deliveries (event_id) WHERE event_id IS NOT NULL;
  CREATE INDEX deliveries_event ON deliveries (event);
  CREATE INDEX deliveries_failed ON deliveries (id) WHERE failed = 1;
  CREATE INDEX deliveries_invalid ON deliveries (id) WHERE status = 'invalid';
  CREATE INDEX deliveries_skewed ON deliveries (received_at) WHERE skewed = 1;
  CREATE TABLE contents (
    seq INTEGER PRIMARY KEY,
    headers TEXT NOT NULL,
    diagnosis TEXT,
    answer_headers TEXT,
    answer BLOB,
    body BLOB NOT NULL
  );
  CREATE TABLE responses (
    seq INTEGER PRIMARY KEY,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
  );
  CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    target TEXT NOT NULL,
    started_at REAL NOT NULL,
    duration_ms REAL NOT NULL,
    replay INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    reason TEXT,
    message TEXT,
    headers TEXT,
    body BLOB
  );
  CREATE INDEX attempts_seq ON attempts (seq);
  `,
  // What waits for a target that is down, and who hands it on.
  `
  CREATE TABLE queue (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    protocol TEXT NOT NULL,
    tries INTEGER NOT NULL,
    begun INTEGER NOT NULL
  );
  CREATE INDEX queue_turn ON queue (target, id);
  CREATE TABLE queue_owners (
    target TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    seen_at REAL NOT NULL
  ) WITHOUT ROWID;
  `,
  // Whose body it is, told from the body: `list --follow` and `--search` find by the order of arrival. Null in older rows.
  'ALTER TABLE contents ADD COLUMN id TEXT',
  // What `--search` goes by (see search-bits.ts): made behind what is kept, so that keeping costs no more. `removals` counts
  // the times something was deleted, as numbers of bodies may then be given anew.
  `
  CREATE TABLE search_segments (number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, starts BLOB NOT NULL);
  CREATE TABLE search_slices (number INTEGER PRIMARY KEY, bits BLOB);
  CREATE TABLE search_state (removals INTEGER NOT NULL);
  INSERT INTO search_state VALUES (0);
  `,
  // What `webhook store` has counted: see tally.ts.
  'CREATE TABLE tally (last INTEGER NOT NULL, removals INTEGER NOT NULL, groups TEXT NOT NULL)',
];

/** Reads the version of a store: 0 where the database is empty. */
export function readVersion(db: Database.Database, path: string, newest: number = MIGRATIONS.length): number {
  const version = readNumber(db, 'PRAGMA user_version');
  const application = readNumber(db, 'PRAGMA application_id');
  if (application !== APPLICATION_ID) {
    if (application === 0 && version === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0) return 0;
    throw new WebhookError('store_broken', `${path} is a database of another program, not a store.`, {
      hint: 'Name another file with --store.',
    });
  }
  if (version > newest) {
    throw new WebhookError(
      'store_newer',
      `The store ${path} was written by a newer version of webhook-cli (its form is ${version}, this one knows ${newest}).`,
      {
        hint: 'Update with npm install --global webhook-cli@latest, or name another store with --store.',
      },
    );
  }
  return version;
}

/** Brings a store to the newest form, all or nothing; several processes may try at once. */
export function migrate(db: Database.Database, path: string, migrations: readonly string[] = MIGRATIONS): void {
  if (readVersion(db, path, migrations.length) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it while this one waited for its turn.
    const version = readVersion(db, path, migrations.length);
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function readNumber(db: Database.Database, sql: string): number {
  const row = db.prepare(sql).raw().get([]);
  const value: unknown = Array.isArray(row) ? row[0] : null;
  return typeof value === 'number' ? value : 0;
}
