import { type CheckReport, type CheckResult, GROUP_TITLES, GROUPS, type Status } from '../../core/check/model.js';
import { formatDuration } from '../../core/units.js';

const SIGNS: Readonly<Record<Status, string>> = { pass: '✅', warn: '⚠️', fail: '❌', skip: '➖' };
const VERDICTS = { pass: 'passes', warn: 'passes, with warnings', fail: 'fails' } as const;

/** A report to be read: what it means first, then what has to be changed, then every check. */
export function markdownReport({ summary, results, diagnosis }: CheckReport): string {
  const counts = [
    `${summary.passed} passed`,
    `${summary.warned} ${summary.warned === 1 ? 'warning' : 'warnings'}`,
    `${summary.failed} failed`,
    `${summary.skipped} not tried`,
  ];
  const lines = [
    `## Webhook endpoint ${VERDICTS[summary.verdict]}`,
    '',
    `${code(summary.url)} as ${code(summary.provider)}: ${counts.join(', ')}; ${summary.requests} requests in ${formatDuration(summary.durationMs)}.`,
    '',
  ];
  for (const { message, hint } of diagnosis) lines.push(`> **${text(message)}** ${text(hint)}`, '');
  const open = results.filter(({ status }) => status === 'fail' || status === 'warn');
  if (open.length > 0) lines.push('### To change', '', ...open.flatMap(item), '');
  lines.push('### Every check', '', '| | Check | Seen |', '| --- | --- | --- |');
  for (const group of GROUPS) {
    const own = results.filter((result) => result.group === group);
    if (own.length > 0) lines.push(`| | **${GROUP_TITLES[group]}** | |`);
    for (const { status, title, message } of own) lines.push(`| ${SIGNS[status]} | ${text(title)} | ${text(message)} |`);
  }
  return `${lines.join('\n')}\n`;
}

function item({ status, id, title, message, why, fix }: CheckResult): string[] {
  return [
    `- ${SIGNS[status]} **${text(title)}** (${code(id)}): ${text(message)}`,
    `  - Why: ${text(why)}`,
    `  - Fix: ${text(fix)}`,
  ];
}

/** Text that came from outside, so that nothing in it is mark-up, a mention or a link. */
function text(value: string): string {
  return value
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/@/g, '@\u200b');
}

function code(value: string): string {
  return `\`${value.replace(/[`\r\n|]/g, '')}\``;
}
