import type { CheckReport } from '../../core/check/model.js';

/**
 * The findings as workflow commands, which GitHub shows beside a run. Everything is escaped, so that nothing an endpoint
 * answered is a command of its own
 * (https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions).
 */
export function githubAnnotations({ results, diagnosis }: CheckReport): string[] {
  const lines = diagnosis.map(({ message, hint }) => command('notice', 'What it means', `${message} ${hint}`));
  for (const { status, id, title, message, fix } of results) {
    if (status !== 'fail' && status !== 'warn') continue;
    lines.push(command(status === 'fail' ? 'error' : 'warning', `${id}: ${title}`, `${message} ${fix}`));
  }
  return lines;
}

function command(name: 'error' | 'warning' | 'notice', title: string, message: string): string {
  return `::${name} title=${escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
