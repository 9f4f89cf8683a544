/**
 * How many deliveries there are of each provider and verdict. Counting a million takes seconds, so what was counted is noted
 * down, in the quiet moments in which bodies are indexed, and from then on only what came after is counted: keeping costs no
 * more for it. What is deleted is taken out of the note.
 */
import type { Ask, Connection } from './connection.js';
import { type Cell, number, text } from './rows.js';

export interface Group {
  readonly provider: string | null;
  readonly status: string;
  readonly deliveries: number;
  /** How many of them repeat another. */
  readonly duplicates: number;
}

export interface Tally {
  readonly groups: readonly Group[];
  /** The number of the last body that was there, and how often something had been deleted. */
  readonly last: number;
  readonly removals: number;
  /** How many of them were not noted down. */
  readonly fresh: number;
}

/** Of more that are not noted down, counting takes longer than a moment. */
export const MOST_IN_A_MOMENT = 20_000;
const PART = 20_000;
const COUNTS = 'd.provider, d.status, count(*), count(d.duplicate_of)';

/** Counts what is not noted down yet. All of it is from one moment. */
export function countAll(connection: Connection): Tally {
  return connection.snapshot(() => countNow(connection.ask));
}

/** Notes down what was kept since, in a transaction, unless that is more than can be counted in a moment. */
export function followTally(connection: Connection): void {
  const { last, noted } = stateOf(connection.ask);
  if (last - noted.last <= MOST_IN_A_MOMENT) noteTally(connection, countNow(connection.ask));
}

function countNow(ask: Ask): Tally {
  const { last, removals, noted } = stateOf(ask);
  const fresh = last - noted.last;
  // What was kept last is found by the order of arrival; a whole store is sooner gone through in its own.
  const groups =
    fresh > last / 2
      ? countEach(ask)
      : merged([
          ...noted.groups,
          ...countGroups(ask, 'contents c CROSS JOIN deliveries d ON d.id = c.id WHERE c.seq > ?', [noted.last]),
        ]);
  return { groups, last, removals, fresh };
}

function stateOf(ask: Ask): Pick<Tally, 'last' | 'removals'> & { readonly noted: Pick<Tally, 'groups' | 'last'> } {
  const [last = 0, removals = 0] = (
    ask('SELECT (SELECT ifnull(max(seq), 0) FROM contents), (SELECT removals FROM search_state)')[0] ?? []
  ).map(number);
  const note = ask('SELECT last, groups FROM tally WHERE removals = ?', [removals])[0];
  const noted = note === undefined ? { groups: [], last: 0 } : { last: number(note[0]), groups: JSON.parse(text(note[1])) };
  return { last, removals, noted };
}

/** Whether what is noted down, with what came after, is what there is. */
export function isTrue(connection: Connection): boolean {
  return connection.snapshot(() => {
    const spelled = (groups: readonly Group[]): string => JSON.stringify(groups.map((group) => JSON.stringify(group)).sort());
    return spelled(countNow(connection.ask).groups) === spelled(countEach(connection.ask));
  });
}

/** Notes it down, in a transaction, unless something was deleted meanwhile. */
export function noteTally({ ask, run }: Connection, tally: Tally): void {
  if (number(ask('SELECT removals FROM search_state')[0]?.[0]) === tally.removals) writeNote(run, tally);
}

function writeNote(run: Connection['run'], { groups, last, removals }: Omit<Tally, 'fresh'>): void {
  run('DELETE FROM tally');
  run('INSERT INTO tally VALUES (?, ?, ?)', [last, removals, JSON.stringify(groups)]);
}

/**
 * Deletes deliveries, in a transaction, and takes them out of what is noted down.
 *
 * @param where What tells which, with what it binds.
 * @param remove Deletes them, and counts up how often something was deleted.
 */
export function takeOut({ ask, run }: Connection, where: string, cells: readonly Cell[], remove: () => void): void {
  const { noted } = stateOf(ask);
  const gone = noted.last === 0 ? [] : countGroups(ask, `deliveries d WHERE ${where} AND d.content <= ?`, [...cells, noted.last]);
  remove();
  if (noted.last === 0) return;
  const { last, removals } = stateOf(ask);
  const less = gone.map((group) => ({ ...group, deliveries: -group.deliveries, duplicates: -group.duplicates }));
  const groups = merged([...noted.groups, ...less]).filter(({ deliveries }) => deliveries !== 0);
  // Numbers that are free again are given anew.
  writeNote(run, { groups, last: Math.min(noted.last, last), removals });
}

/** By parts: to sort a million rows takes much memory. */
function countEach(ask: Ask): Group[] {
  const groups: Group[] = [];
  for (let after = ''; ; ) {
    const last = ask('SELECT id FROM deliveries WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?', [after, PART - 1])[0]?.[0];
    const upTo = typeof last === 'string' ? last : null;
    groups.push(...countGroups(ask, 'deliveries d WHERE d.id > ?1 AND (?2 IS NULL OR d.id <= ?2)', [after, upTo]));
    if (upTo === null) return merged(groups);
    after = upTo;
  }
}

function countGroups(ask: Ask, from: string, cells: readonly Cell[]): Group[] {
  return ask(`SELECT ${COUNTS} FROM ${from} GROUP BY 1, 2`, cells).map(([provider, status, deliveries, duplicates]) => ({
    provider: provider === null ? null : text(provider),
    status: text(status),
    deliveries: number(deliveries),
    duplicates: number(duplicates),
  }));
}

function merged(all: readonly Group[]): Group[] {
  const groups = new Map<string, Group>();
  for (const group of all) {
    const key = JSON.stringify([group.provider, group.status]);
    const other = groups.get(key);
    groups.set(key, {
      ...group,
      deliveries: group.deliveries + (other?.deliveries ?? 0),
      duplicates: group.duplicates + (other?.duplicates ?? 0),
    });
  }
  return [...groups.values()];
}
