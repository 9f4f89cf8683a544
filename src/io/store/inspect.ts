/** What is in a store, and whether it is sound. */
import type { Delivery } from '../../core/delivery/delivery.js';
import { lowestIdAt, timeOfId } from '../../core/delivery/id.js';
import { messageOf } from '../../core/errors.js';
import type { Verdict } from '../../core/signature/verdict.js';
import type { Ask, Connection } from './connection.js';
import { sizeOf } from './file.js';
import * as rows from './rows.js';
import { MIGRATIONS } from './schema.js';
import { misindexed } from './search.js';
import { isTrue, type Tally } from './tally.js';

export interface StoreInfo {
  readonly path: string;
  /** Bytes on disk, with what is not merged into the main file yet. */
  readonly bytes: number;
  /** Bytes of them that nothing is in: what is kept next goes there. */
  readonly freeBytes: number;
  readonly deliveries: number;
  readonly attempts: number;
  /** How many wait for a target. */
  readonly queued: number;
  readonly duplicates: number;
  /** How many of each; null: of no known provider. */
  readonly providers: ReadonlyArray<{ readonly provider: string | null; readonly deliveries: number }>;
  readonly verdicts: Readonly<Record<Verdict['status'], number>>;
  /** Unix time in milliseconds; null where nothing is kept. */
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly schemaVersion: number;
}

/** @param tally of the same moment, or nearly */
export function storeInfo({ ask, path }: Connection, { groups }: Tally): StoreInfo {
  const one = (sql: string): number => rows.number(ask(sql)[0]?.[0]);
  const verdicts = { valid: 0, invalid: 0, unchecked: 0 };
  const providers = new Map<string | null, number>();
  let [all, repeated] = [0, 0];
  for (const { provider, status, deliveries, duplicates } of groups) {
    providers.set(provider, (providers.get(provider) ?? 0) + deliveries);
    if (status === 'valid' || status === 'invalid' || status === 'unchecked') verdicts[status] += deliveries;
    all += deliveries;
    repeated += duplicates;
  }
  return {
    path,
    bytes: sizeOf(path),
    freeBytes: one('PRAGMA freelist_count') * one('PRAGMA page_size'),
    deliveries: all,
    attempts: one('SELECT count(*) FROM attempts'),
    queued: one('SELECT count(*) FROM queue'),
    duplicates: repeated,
    providers: [...providers]
      .map(([provider, deliveries]) => ({ provider, deliveries }))
      .sort((a, b) => b.deliveries - a.deliveries),
    verdicts,
    oldest: extreme(ask, 'min'),
    newest: extreme(ask, 'max'),
    schemaVersion: MIGRATIONS.length,
  };
}

/**
 * When the oldest or the newest came in. Where ids tell the time, it is near the end of their order; the rest is in an index.
 */
function extreme(ask: Ask, which: 'min' | 'max'): number | null {
  const skewed = ask(`SELECT ${which}(received_at) FROM deliveries INDEXED BY deliveries_skewed WHERE skewed = 1`)[0]?.[0];
  const order = which === 'min' ? 'ASC' : 'DESC';
  const end = ask(`SELECT id FROM deliveries WHERE skewed = 0 ORDER BY id ${order} LIMIT 1`)[0]?.[0];
  const time = typeof end === 'string' ? timeOfId(end) : null;
  const times = typeof skewed === 'number' ? [skewed] : [];
  if (time !== null) {
    const near = which === 'min' ? (['<', time + 2 * rows.SKEW_MS + 1] as const) : (['>=', time - 2 * rows.SKEW_MS] as const);
    const sql = `SELECT ${which}(received_at) FROM deliveries WHERE skewed = 0 AND id ${near[0]} ?`;
    times.push(rows.number(ask(sql, [lowestIdAt(near[1])])[0]?.[0]));
  }
  return times.length === 0 ? null : Math[which](...times);
}

/** A body without a delivery. Asked by key: the set of all deliveries, made for bodies of before they said whose they are, is large. */
const ALONE = `CASE WHEN c.id IS NULL THEN c.seq NOT IN (SELECT content FROM deliveries)
  ELSE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = c.id AND d.content = c.seq) END`;
const beside = (table: string): string =>
  `SELECT count(*) FROM ${table} t LEFT JOIN contents c ON c.seq = t.seq WHERE c.seq IS NULL OR ${ALONE}`;

/** Each with what it is called where there are any: what SQLite does not know to be wrong. */
const CHECKS: ReadonlyArray<readonly [what: string, sql: string]> = [
  ['Deliveries without a body', 'SELECT count(*) FROM deliveries WHERE content NOT IN (SELECT seq FROM contents)'],
  ['Bodies without a delivery', `SELECT count(*) FROM contents c WHERE ${ALONE}`],
  ['Answers without a delivery', beside('responses')],
  ['Attempts without a delivery', beside('attempts')],
  [
    'Deliveries whose attempts are not all there',
    'SELECT count(*) FROM deliveries WHERE attempts <> (SELECT count(*) FROM attempts WHERE seq = content)',
  ],
  [
    'Deliveries whose body is not the one they had',
    'SELECT count(*) FROM deliveries JOIN contents ON seq = content WHERE length(body) <> body_size OR contents.id <> deliveries.id',
  ],
];
/** Of more problems than that, only the first are told. */
const TOLD = 20;
const STEP = 1_000;

/** How far a check is. */
export type CheckProgress =
  | { readonly step: 'file' | 'tables' }
  | { readonly step: 'index' | 'deliveries'; readonly done: number; readonly total: number };

/**
 * Asks SQLite, joins the tables, compares the search index with the bodies, and reads every delivery. Throws where the file cannot be
 * read at all.
 */
export function storeProblems(
  connection: Connection,
  everything: () => Iterable<Delivery>,
  onProgress: (progress: CheckProgress) => void,
): string[] {
  const { ask } = connection;
  const one = (sql: string): number => rows.number(ask(sql)[0]?.[0]);
  onProgress({ step: 'file' });
  const problems = ask('PRAGMA integrity_check')
    .map(([line]) => String(line))
    .filter((line) => line !== 'ok')
    .map((line) => `${line}.`);
  for (const [what, sql] of CHECKS) {
    onProgress({ step: 'tables' });
    const count = one(sql);
    if (count > 0) problems.push(`${what}: ${count}.`);
  }
  const last = one('SELECT ifnull(max(seq), 0) FROM contents');
  const wrong = misindexed(ask, (done) => onProgress({ step: 'index', done: Math.min(done, last), total: last }));
  if (wrong > 0) problems.push(`Bodies that a search would miss: ${wrong}.`);
  if (!isTrue(connection)) problems.push("Counts that 'webhook store' goes by are not those of what is kept.");
  const total = one('SELECT count(*) FROM deliveries');
  let done = 0;
  let at = 'the first one';
  try {
    for (const { id } of everything()) {
      at = `the one after ${id}`;
      done++;
      if (done % STEP === 0) onProgress({ step: 'deliveries', done, total });
    }
  } catch (error) {
    problems.push(`A delivery cannot be read, ${at} or one soon after: ${messageOf(error)}`);
  }
  return problems.slice(0, TOLD);
}
