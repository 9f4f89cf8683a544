import { foldLine, indent, type Line, lineWidth, type Span } from './layout.js';
import type { ListenSummary, ReadyInfo, SendSummary } from './renderer.js';
import type { Screen } from './screen.js';
import { safeLine, wrapWords } from './terminal.js';
import { qrLines } from './tunnel.js';
import { shortId, spent, within } from './words.js';

const MARGIN = 2;
const TEXT_INDENT = 11;

/** What stands above the deliveries: where it listens, what it checks, where they are kept and go. */
export function readyLines(info: ReadyInfo, cwd: string | null, screen: Screen): Line[] {
  const { marks } = screen.theme;
  const facts: Line[] = [
    [['listening on '], [safeLine(info.url), 'link']],
    [[checked(info)]],
    [[info.store === null ? 'nothing is kept' : `kept in ${safeLine(within(info.store, cwd))}`]],
  ];
  const texts = [...joinFitting(facts, ` ${marks.dot} `, screen.foldWidth - TEXT_INDENT)];
  const [only, ...more] = info.targets.map((target) => safeLine(target));
  if (only !== undefined && more.length === 0) texts.push([['forwarding to '], [only, 'link']]);
  else if (only !== undefined)
    texts.push([['forwarding to']], ...[only, ...more].map((target): Line => [['  '], [target, 'link']]));
  if (info.note !== null)
    texts.push(...wrapWords(safeLine(info.note), screen.foldWidth - TEXT_INDENT).map((row): Line => [[row, 'dim']]));

  const lines: Line[] = [];
  if (info.publicUrl !== null) {
    // Alone on its line, so that a double click or a whole-line copy takes just the URL.
    lines.push([], indent([['public URL', 'strong']], MARGIN), [], indent([[safeLine(info.publicUrl), 'link']], 4), []);
    if (info.qr !== null) lines.push(...qrLines(info.qr, screen), []);
  }
  texts.forEach((text, index) => {
    const start: Line = index === 0 ? [['  '], ['webhook', 'strong'], ['  ']] : [[' '.repeat(TEXT_INDENT)]];
    lines.push(...foldLine([...start, ...text], screen.foldWidth, TEXT_INDENT + 2));
  });
  return [...lines, []];
}

function checked({ provider, secretCount }: ReadyInfo): string {
  const secrets = secretCount > 1 ? ` with ${secretCount} secrets` : '';
  if (provider === null) {
    return secretCount === 0
      ? 'any provider, signatures not checked (no secret)'
      : `provider told from the headers, signatures checked${secrets}`;
  }
  return `${safeLine(provider)}, ${secretCount === 0 ? 'signatures not checked (no secret)' : `signatures checked${secrets}`}`;
}

/** Joins what fits on a line; what does not begins the next one. */
function joinFitting(parts: readonly Line[], separator: string, width: number): Line[] {
  const lines: Line[] = [];
  for (const part of parts) {
    const last = lines[lines.length - 1];
    const joined: Span[] = last === undefined ? [] : [...last, [separator, 'dim'], ...part];
    if (last !== undefined && lineWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines;
}

/** `3 received: 1 valid, 1 not valid, 1 not checked · 1 forwarded · 1 attempt failed` */
export function listenSummaryLines(summary: ListenSummary, screen: Screen): Line[] {
  const { dot } = screen.theme.marks;
  const verdicts: Span[] = [];
  if (summary.valid > 0) verdicts.push([`${summary.valid} valid`, 'good']);
  if (summary.invalid > 0) verdicts.push([`${summary.invalid} not valid`, 'bad']);
  if (summary.unchecked > 0) verdicts.push([`${summary.unchecked} not checked`, 'warn']);
  const received: Span[] = [[`${summary.received} received`, 'strong']];
  verdicts.forEach((span, index) => {
    received.push([index === 0 ? ': ' : ', '], span);
  });
  const parts: Line[] = [received];
  if (summary.duplicates > 0) parts.push([[`${summary.duplicates} came again`]]);
  const { challenges = 0, forwarded, failed } = summary;
  if (challenges > 0) parts.push([[`${challenges} challenge${challenges === 1 ? '' : 's'}`]]);
  // One attempt is either: else a delivery that failed would read as two.
  if (forwarded > failed) parts.push([[`${forwarded - failed} forwarded`]]);
  if (failed > 0) parts.push([[`${failed} attempt${failed === 1 ? '' : 's'} failed`, 'bad']]);
  return joinFitting(parts, ` ${dot} `, screen.foldWidth - MARGIN).map((line) => indent(line, MARGIN));
}

/** What many deliveries came to, and which of them were not taken as they should be. */
export function sendSummaryLines(summary: SendSummary, screen: Screen): Line[] {
  const { failures = [], failed } = summary;
  const lines: Line[] = [sendSummaryLine(summary, screen)];
  for (const { id, event, why } of failures) {
    const line: Line = [
      [`${' '.repeat(MARGIN)}${shortId(id)}`, 'bad'],
      [event === null ? '' : `  ${safeLine(event)}`],
      [`  ${safeLine(why)}`],
    ];
    lines.push(...foldLine(line, screen.foldWidth, MARGIN * 2));
  }
  const more = failed - failures.length;
  if (failures.length > 0 && more > 0)
    lines.push([[`${' '.repeat(MARGIN)}${screen.theme.marks.ellipsis} and ${more} more`, 'dim']]);
  return lines;
}

/** How to go on; the command is not folded, so that it can be copied. */
export function resumeLines({ sent }: SendSummary, command: string): Line[] {
  return [[], [[`  Ended after ${sent}. To go on:`]], [[`  ${safeLine(command)}`, 'strong']]];
}

/** `16 sent: 15 ok, 1 failed · 340 ms` */
function sendSummaryLine(summary: SendSummary, screen: Screen): Line {
  const line: Span[] = [['  '], [`${summary.sent} sent`, 'strong']];
  if (summary.ok > 0) line.push([': '], [`${summary.ok} ok`, 'good']);
  if (summary.failed > 0) line.push([summary.ok > 0 ? ', ' : ': '], [`${summary.failed} failed`, 'bad']);
  const { dot, times } = screen.theme.marks;
  const { details } = summary;
  if (details !== undefined) {
    const statuses = Object.entries(details.statuses).map(([status, count]) => `${status} ${times}${count}`);
    if (statuses.length > 1) line.push([` ${dot} ${statuses.join(', ')}`]);
    if ((details.dropped ?? 0) > 0) line.push([` ${dot} ${details.dropped} dropped`, 'warn']);
    const { p50, p95, p99 } = details;
    if (p50 !== null && p95 !== null && p99 !== null && details.attempts > 1) {
      line.push([` ${dot} p50 ${spent(p50)}, p95 ${spent(p95)}, p99 ${spent(p99)}`, 'dim']);
    }
  }
  line.push([` ${dot} ${spent(summary.durationMs)}`, 'dim']);
  return line;
}
