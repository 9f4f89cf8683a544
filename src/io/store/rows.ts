import {
  type Answer,
  type Attempt,
  attemptFailed,
  type Delivery,
  FAILURE_REASONS,
  ORIGINS,
  OUTCOMES,
} from '../../core/delivery/delivery.js';
import type { DeliverySummary } from '../../core/delivery/summary.js';
import { WebhookError } from '../../core/errors.js';
import type { HeaderList } from '../../core/http/headers.js';
import { type Finding, VERDICT_REASONS, VERDICT_STATUSES } from '../../core/signature/verdict.js';

/** What the driver takes and gives. It ends the process on a boolean, so there is none. */
export type Cell = string | number | Uint8Array | null;
export type Row = readonly unknown[];

/** How far the time in an id may be from the time of receipt before a row counts as skewed, in milliseconds. */
export const SKEW_MS = 10_000;

/** What a statement selects. */
export interface Columns {
  /** As it stands after SELECT. */
  readonly sql: string;
  readonly names: readonly string[];
  /** Which of them, counted from 0, are bytes or null. The others are texts, numbers of at most 15 digits, or null. */
  readonly binary: readonly number[];
}

/** @param list Plain columns (`c.body`), or expressions with a name (`1 + 1 AS two`). */
function columns(list: readonly string[], binary: readonly string[] = []): Columns {
  const names = list.map((column) => /\w+$/.exec(column)?.[0] ?? '');
  return { sql: list.join(', '), names, binary: binary.map((name) => names.indexOf(name)) };
}

/** What a selection is gone through by. */
export const FOUND_COLUMNS: Columns = columns(['id', 'body_size', 'bytes']);

/** A row of FOUND_COLUMNS. */
export interface Found {
  readonly id: string;
  /** Of the request's body. */
  readonly bodySize: number;
  /** Of all bodies of the delivery. */
  readonly bytes: number;
}

export function readFound(row: Row): Found {
  return { id: text(row[0]), bodySize: number(row[1]), bytes: number(row[2]) };
}

const SUMMARY = [
  ...['id', 'origin', 'received_at', 'provider', 'event', 'event_id', 'duplicate_of', 'method', 'path', 'status', 'reason'],
  ...['message', 'response_status', 'response_ms', 'body_size', 'attempts', 'failed', 'last_outcome', 'last_status'],
].map((name) => `d.${name}`);

export const SUMMARY_COLUMNS: Columns = columns(SUMMARY);

/** What a row of SUMMARY_COLUMNS begins with, and one of DELIVERY_COLUMNS. */
function readIdentity(row: Row) {
  return {
    id: text(row[0]),
    origin: oneOf(row[1], ORIGINS),
    receivedAt: number(row[2]),
    provider: textOrNull(row[3]),
    event: textOrNull(row[4]),
    eventId: textOrNull(row[5]),
    duplicateOf: textOrNull(row[6]),
  };
}

function readVerdict(row: Row) {
  return {
    status: oneOf(row[9], VERDICT_STATUSES),
    reason: row[10] === null ? null : oneOf(row[10], VERDICT_REASONS),
    message: text(row[11]),
  };
}

/** A row of SUMMARY_COLUMNS. `queued`: the ids of those that wait for a target. */
export function readSummary(row: Row, queued: ReadonlySet<string>): DeliverySummary {
  const outcome = textOrNull(row[17]);
  const identity = readIdentity(row);
  return Object.assign(identity, readVerdict(row), {
    method: text(row[7]),
    path: text(row[8]),
    responseStatus: numberOrNull(row[12]),
    responseMs: numberOrNull(row[13]),
    bodySize: number(row[14]),
    attempts: number(row[15]),
    failed: row[16] === 1,
    lastAttempt: outcome === null ? null : { outcome: oneOf(outcome, OUTCOMES), status: numberOrNull(row[18]) },
    waits: queued.has(identity.id),
  });
}

export const DELIVERY_COLUMNS: Columns = columns(
  [
    ...SUMMARY.slice(0, 14),
    ...['c.headers', 'c.diagnosis', 'c.body'],
    ...['ifnull(r.headers, c.answer_headers) AS answer_headers', 'ifnull(r.body, c.answer) AS answer'],
  ],
  ['body', 'answer'],
);

/** A row of DELIVERY_COLUMNS. */
export function readDelivery(row: Row, attempts: readonly Attempt[]): Delivery {
  return Object.assign(readIdentity(row), {
    request: { method: text(row[7]), path: text(row[8]), headers: readHeaders(row[14]), body: bytes(row[16]) },
    verdict: Object.assign(readVerdict(row), { diagnosis: row[15] === null ? [] : readFindings(row[15]) }),
    response:
      row[12] === null || row[17] === null
        ? null
        : { status: number(row[12]), headers: readAnswerHeaders(row[17]), body: bytes(row[18]), durationMs: number(row[13]) },
    attempts,
  });
}

export const ATTEMPT_COLUMNS: Columns = columns(
  [
    ...['d.id', 'a.target', 'a.started_at', 'a.duration_ms', 'a.replay', 'a.outcome', 'a.status'],
    ...['a.reason', 'a.message', 'a.headers', 'a.body'],
  ],
  ['body'],
);

/** A row of ATTEMPT_COLUMNS. */
export function readAttempt(row: Row): Attempt {
  const target = text(row[1]);
  const startedAt = number(row[2]);
  const durationMs = number(row[3]);
  const replay = row[4] === 1;
  const outcome = oneOf(row[5], OUTCOMES);
  return outcome === 'failed'
    ? { target, startedAt, durationMs, replay, outcome, reason: oneOf(row[7], FAILURE_REASONS), message: text(row[8]) }
    : {
        target,
        startedAt,
        durationMs,
        replay,
        outcome,
        status: number(row[6]),
        headers: readAnswerHeaders(row[9]),
        body: bytes(row[10]),
      };
}

/** Number of attempts, whether one failed, last outcome and status. */
export function attemptsCells(attempts: readonly Attempt[]): Cell[] {
  const last = attempts.at(-1);
  return [
    attempts.length,
    attempts.some(attemptFailed) ? 1 : 0,
    last?.outcome ?? null,
    last?.outcome === 'responded' ? last.status : null,
  ];
}

/** How many bytes the bodies have. */
export function bytesOf(response: Answer | null, attempts: readonly Attempt[]): number {
  const size = (attempt: Attempt): number => (attempt.outcome === 'responded' ? attempt.body.byteLength : 0);
  return attempts.reduce((total, attempt) => total + size(attempt), response?.body.byteLength ?? 0);
}

/** Of several answers the last one counts. */
export const INSERT_RESPONSE =
  'INSERT OR REPLACE INTO responses (seq, headers, body) SELECT content, ?2, ?3 FROM deliveries WHERE id = ?1';

/** What was found out about a verdict after it was kept. */
export const UPDATE_DIAGNOSIS = 'UPDATE contents SET diagnosis = ?2 WHERE seq = (SELECT content FROM deliveries WHERE id = ?1)';

export function diagnosisCells(id: string, diagnosis: readonly Finding[]): Cell[] {
  return [encode(id), JSON.stringify(diagnosis)];
}

export function responseCells(id: string, response: Answer): Cell[] {
  return [encode(id), JSON.stringify(response.headers), response.body];
}

/**
 * Text as the database can hold it: the driver cuts text off at a NUL and spoils lone surrogates, so these are spelled
 * out after an escape character. All other text, and so nearly all there is, stays as it is and can be searched.
 */
export function encode(value: string): string {
  return UNSAFE.test(value)
    ? value.replace(UNSAFE_EACH, (unit) => ESCAPE + unit.charCodeAt(0).toString(16).padStart(4, '0'))
    : value;
}

export function encodeOrNull(value: string | null): string | null {
  return value === null ? null : encode(value);
}

const ESCAPE = '\x10';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters the driver does not keep
const UNSAFE = /[\0\x10]|[\ud800-\udfff]/u;
const UNSAFE_EACH = new RegExp(UNSAFE.source, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character above
const ESCAPED = /\x10([0-9a-f]{4})/g;

export function text(cell: unknown): string {
  if (typeof cell !== 'string') throw damaged();
  return cell.includes(ESCAPE)
    ? cell.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : cell;
}

export function number(cell: unknown): number {
  if (typeof cell !== 'number') throw damaged();
  return cell;
}

function textOrNull(cell: unknown): string | null {
  return cell === null ? null : text(cell);
}

function numberOrNull(cell: unknown): number | null {
  return cell === null ? null : number(cell);
}

/** A plain array of bytes, not a Buffer: its methods differ, and the types promise no Buffer. */
export function bytes(cell: unknown): Uint8Array {
  if (!(cell instanceof Uint8Array)) throw damaged();
  if (cell.constructor === Uint8Array) return cell;
  return new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength);
}

function oneOf<T extends string>(cell: unknown, values: readonly T[]): T {
  const value = values.find((candidate) => candidate === cell);
  if (value === undefined) throw damaged();
  return value;
}

/** Answers' headers are mostly those of the one before. */
function readAnswerHeaders(cell: unknown): HeaderList {
  if (cell !== lastAnswer.cell) lastAnswer = { cell, headers: readHeaders(cell) };
  return lastAnswer.headers;
}
let lastAnswer: { readonly cell: unknown; readonly headers: HeaderList } = { cell: '[]', headers: [] };

function readHeaders(cell: unknown): HeaderList {
  const list = readList(cell);
  if (!list.every(isHeader)) throw damaged();
  return list;
}

function isHeader(pair: unknown): pair is readonly [string, string] {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && typeof pair[1] === 'string';
}

function readFindings(cell: unknown): Finding[] {
  return readList(cell).map((finding) => {
    if (typeof finding !== 'object' || finding === null || !('code' in finding && 'message' in finding && 'hint' in finding))
      throw damaged();
    const { code, message, hint } = finding;
    if (typeof code !== 'string' || typeof message !== 'string' || (hint !== null && typeof hint !== 'string')) throw damaged();
    return { code, message, hint };
  });
}

function readList(cell: unknown): unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(typeof cell === 'string' ? cell : '');
  } catch {
    throw damaged();
  }
  if (!Array.isArray(list)) throw damaged();
  return list;
}

function damaged(): WebhookError {
  return new WebhookError('store_broken', 'A delivery in the store cannot be read: the store is damaged.', {
    hint: 'Move the file away to begin a new store, or name another with --store.',
  });
}
