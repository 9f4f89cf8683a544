/** The statements that record what became of a kept delivery, and what is bound to them. */
import type { Answer, Attempt } from '../../core/delivery/delivery.js';
import { tenths } from '../../core/units.js';
import { attemptsCells, bytesOf, type Cell, encode } from './rows.js';
import { type Bound, SpelledStatement } from './spelled.js';

/** Says of a kept delivery what became of it later: its answer, and further attempts. */
export function recordAttempts(id: string, response: Answer | null, attempts: readonly Attempt[]): Bound[] {
  return [updateOutcome(id, response, attempts), ...attempts.map((attempt) => insertAttempt(id, attempt))];
}

function updateOutcome(id: string, response: Answer | null, attempts: readonly Attempt[]): Bound {
  const answer = response === null ? [null, null] : [response.status, tenths(response.durationMs)];
  const tried = attempts.length > 0 ? 1 : 0;
  return UPDATE_OUTCOME.one([encode(id), ...answer, ...attemptsCells(attempts), tried, bytesOf(response, attempts)]);
}

const UPDATE_OUTCOME = SpelledStatement.forOne(
  (value) =>
    `UPDATE deliveries SET response_status = ifnull(${value(1)}, response_status), response_ms = ifnull(${value(2)}, response_ms), ` +
    `attempts = attempts + ${value(3)}, failed = max(failed, ${value(4)}), last_outcome = ifnull(${value(5)}, last_outcome), ` +
    `last_status = CASE WHEN ${value(7)} THEN ${value(6)} ELSE last_status END, bytes = bytes + ${value(8)} WHERE id = ${value(0)}`,
  9,
  // All but id and sizes; milliseconds only where there are none.
  [1, 3, 4, 5, 6, 7],
);

/** Adds an attempt to a kept delivery. */
export function insertAttempt(id: string, attempt: Attempt): Bound {
  return INSERT_ATTEMPT.one(attemptCells(id, attempt));
}

const INSERT_ATTEMPT = SpelledStatement.forOne(
  (value) =>
    'INSERT INTO attempts (seq, target, started_at, duration_ms, replay, outcome, status, reason, message, headers, body) ' +
    `SELECT content, ${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(value).join(', ')} FROM deliveries WHERE id = ${value(0)}`,
  11,
  // All but id, times and body: one target gives the same headers for a second.
  [1, 4, 5, 6, 7, 8, 9],
);

function attemptCells(id: string, attempt: Attempt): Cell[] {
  const { target, startedAt, durationMs, replay, outcome } = attempt;
  const base = [encode(id), encode(target), startedAt, tenths(durationMs), replay ? 1 : 0, outcome];
  return attempt.outcome === 'responded'
    ? [...base, attempt.status, null, null, JSON.stringify(attempt.headers), attempt.body]
    : [...base, null, attempt.reason, encode(attempt.message), null, null];
}
