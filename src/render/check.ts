import { type CheckReport, type CheckResult, GROUP_TITLES, type Status } from '../core/check/model.js';
import { indent, type Line, type Span } from './layout.js';
import type { Screen } from './screen.js';
import { displayWidth, safeBlock, safeLine, wrapWords } from './terminal.js';
import type { Marks, Style } from './theme.js';
import { spent } from './words.js';

const MARKS: Readonly<Record<Status, { readonly mark: keyof Marks; readonly style: Style }>> = {
  pass: { mark: 'valid', style: 'good' },
  warn: { mark: 'caution', style: 'warn' },
  fail: { mark: 'invalid', style: 'bad' },
  skip: { mark: 'dash', style: 'dim' },
};
const TEXT_INDENT = 8;

/** The heading of a group. */
export function groupLines(result: CheckResult): Line[] {
  return [[], [['  '], [GROUP_TITLES[result.group], 'strong']]];
}

/** One check: a line where there is nothing to do, else what was seen, why it matters and what to change. */
export function resultLines(result: CheckResult, screen: Screen): Line[] {
  const { mark, style } = MARKS[result.status];
  const message = safeLine(result.message);
  const quiet = result.status === 'pass' || result.status === 'skip';
  const head: Line = [['    '], [screen.theme.marks[mark], style], [' '], quiet ? [result.title] : [result.title, 'strong']];
  if (quiet) {
    const used = 6 + displayWidth(result.title);
    const room = screen.foldWidth - used - 2;
    if (displayWidth(message) <= room) return [[...head, [`  ${message}`, 'dim']]];
    return [head, ...block(message, 'dim', screen)];
  }
  return [
    head,
    ...block(message, style, screen),
    ...block(`Why: ${result.why}`, 'dim', screen),
    ...block(`Fix: ${safeBlock(result.fix)}`, undefined, screen),
  ];
}

/** What it comes to. */
export function reportLines({ summary, diagnosis }: CheckReport, screen: Screen): Line[] {
  const lines: Line[] = [];
  for (const { message, hint } of diagnosis) {
    lines.push([], ...block(safeLine(message), 'strong', screen, 2), ...block(safeBlock(hint), undefined, screen, 2));
  }
  const { dot } = screen.theme.marks;
  const counts: Span[] = [[`${summary.passed} passed`, 'good']];
  if (summary.warned > 0) counts.push([', '], [`${summary.warned} ${summary.warned === 1 ? 'warning' : 'warnings'}`, 'warn']);
  if (summary.failed > 0) counts.push([', '], [`${summary.failed} failed`, 'bad']);
  if (summary.skipped > 0) counts.push([', '], [`${summary.skipped} not tried`, 'dim']);
  lines.push([], [['  '], ...counts, [` ${dot} ${summary.requests} requests ${dot} ${spent(summary.durationMs)}`, 'dim']]);
  return lines;
}

function block(text: string, style: Style | undefined, screen: Screen, margin = TEXT_INDENT): Line[] {
  return wrapWords(text, screen.foldWidth - margin).map((row) => indent([style === undefined ? [row] : [row, style]], margin));
}
