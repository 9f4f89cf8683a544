import type { DeliverySummary } from '../core/delivery/summary.js';
import { formatSize } from '../core/units.js';
import { type Line, lineWidth, type Span } from './layout.js';
import type { Screen } from './screen.js';
import { pad, safeLine, truncate } from './terminal.js';
import { statusStyle } from './theme.js';
import { attemptStatus, shortId, spent, verdictMark } from './words.js';

const TIME = 12;
const ID = 16;
const STATUS = 9;
const SPENT = 7;
const PROVIDER = 17;
const SIZE = 7;
const REMARK = 12;
/** An event's name is cut below so many columns rather than shown no more. */
const LEAST_NAME = 12;
const MOST_NAME = 44;

/** Which columns there are, and how wide the one is that takes what is left. From the width alone, so that rows can be written as they come. */
export interface Columns {
  readonly name: number;
  readonly provider: boolean;
  readonly status: boolean;
  readonly spent: boolean;
  readonly size: boolean;
  readonly remark: boolean;
}

export function columnsFor(width: number): Columns {
  // Time, id, mark and name are always there; the rest comes in the order of its worth, as long as a name keeps its room.
  let left = width - (TIME + 2 + ID + 2 + 2);
  const take = (column: number, nameNeeds: number): boolean => {
    if (left - column - 2 < nameNeeds) return false;
    left -= column + 2;
    return true;
  };
  const status = take(STATUS, LEAST_NAME);
  const took = status && take(SPENT, 20);
  const provider = took && take(PROVIDER, 24);
  const size = provider && take(SIZE, 24);
  const remark = size && take(REMARK, 24);
  return { status, spent: took, provider, size, remark, name: Math.max(LEAST_NAME, Math.min(MOST_NAME, left)) };
}

export function tableHead(columns: Columns): Line {
  const cells = [pad('Time', TIME), pad('Id', ID), pad('  Event', columns.name + 2)];
  if (columns.provider) cells.push(pad('Provider', PROVIDER));
  if (columns.status) cells.push(pad('Answer', STATUS));
  if (columns.spent) cells.push(pad('Took', SPENT, 'right'));
  if (columns.size) cells.push(pad('Size', SIZE, 'right'));
  return [[cells.join('  '), 'dim']];
}

export function tableRow(row: DeliverySummary, columns: Columns, screen: Screen): Line {
  const { clock, theme } = screen;
  const { marks } = theme;
  const again = row.duplicateOf === null || columns.remark ? '' : ` ${marks.again}`;
  const room = columns.name - again.length;
  const [name, style]: Span =
    row.event === null ? [safeLine(`${row.method} ${screen.url(row.path)}`), 'dim'] : [safeLine(row.event), 'strong'];
  const shown = truncate(name, room, marks.ellipsis);
  const line: Span[] = [
    [pad(clock.brief(row.receivedAt, screen.now()), TIME), 'dim'],
    [`  ${pad(shortId(row.id), ID)}  `],
    verdictMark(row.status, marks),
    [' '],
    style === undefined ? [shown] : [shown, style],
    [pad(again, columns.name - lineWidth([[shown]])), 'dim'],
  ];
  if (columns.provider)
    line.push([`  ${pad(truncate(safeLine(row.provider ?? marks.dash), PROVIDER, marks.ellipsis), PROVIDER)}`]);
  if (columns.status) {
    const status = statusOf(row, screen);
    line.push(['  '], ...status, [' '.repeat(Math.max(0, STATUS - lineWidth(status)))]);
  }
  if (columns.spent) {
    const ms = tookOf(row);
    line.push([`  ${pad(ms === null ? '' : spent(ms), SPENT, 'right')}`, 'dim']);
  }
  if (columns.size) line.push([`  ${pad(formatSize(row.bodySize), SIZE, 'right')}`, 'dim']);
  if (columns.remark) line.push([`  ${truncate(remarkOf(row), REMARK, marks.ellipsis)}`, 'dim']);
  return line;
}

function statusOf(row: DeliverySummary, screen: Screen): Line {
  const { lastAttempt } = row;
  if (row.waits) return [['  waits', 'warn']];
  if (lastAttempt !== null)
    return attemptStatus(lastAttempt.status === null ? { reason: null } : { status: lastAttempt.status }, screen);
  if (row.responseStatus !== null) return [['  '], [String(row.responseStatus), statusStyle(row.responseStatus)]];
  return [[`  ${screen.theme.marks.dash}`, 'dim']];
}

/** Null where the sender's answer is not the one that is told: a replay came later, or one out of the queue, or a second target's. */
function tookOf({ waits, lastAttempt, responseStatus, responseMs }: DeliverySummary): number | null {
  if (waits) return null;
  if (lastAttempt === null) return responseMs;
  const { status } = lastAttempt;
  const same = status === null ? responseStatus === 502 || responseStatus === 504 : responseStatus === status;
  return same ? responseMs : null;
}

function remarkOf(row: DeliverySummary): string {
  const { lastAttempt } = row;
  const lastFailed =
    lastAttempt !== null && (lastAttempt.status === null || lastAttempt.status < 200 || lastAttempt.status > 299);
  if (row.failed && !lastFailed) return 'failed first';
  if (row.duplicateOf !== null) return 'again';
  if (row.attempts > 1) return `${row.attempts} attempts`;
  return row.origin === 'received' ? '' : row.origin;
}
