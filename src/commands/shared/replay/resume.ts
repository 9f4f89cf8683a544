/** The command that goes on where a replay ended. */
import type { Command } from 'commander';
import { redactHeaders } from '../../../core/delivery/redact.js';
import type { Selector } from '../../../core/delivery/selector.js';
import { shellWord } from '../../../core/delivery/shell.js';
import type { Edit } from '../../../core/events/edits.js';
import { formatPath } from '../../../core/events/json-path.js';
import { parseHeaderLine } from '../../../core/http/headers.js';
import { placeWords, targetWords } from '../command-line.js';
import type { CommonFlags } from '../verb.js';
import type { Position } from './jobs.js';

export interface Ended {
  readonly position: Position;
  /** Rounds in all. */
  readonly times: number;
  /** When it began: what came later was not meant. Unix time in milliseconds. */
  readonly startedAt: number;
  /** Null: deliveries of files. */
  readonly selector: Selector | null;
  readonly args: readonly string[];
}

/**
 * A command line for a POSIX shell that does what is left. What was relative to the time of the first one (`2h`, `last:5`) is
 * said absolutely. A secret is not printed: what stands in its place makes the shell refuse the line until it is filled in.
 */
export function resumeCommand(define: Command, flags: CommonFlags, ended: Ended): string {
  const { position, times, selector } = ended;
  const said: Record<string, unknown> = { ...flags, after: position.id, times: String(times - position.round), limit: undefined };
  let args = ended.args;
  if (selector !== null) {
    args = selector.ids;
    if (selector.since !== null) said.since = new Date(selector.since).toISOString();
    const until = selector.until ?? (selector.ids.length === 0 ? ended.startedAt : null);
    if (until !== null) said.until = new Date(until).toISOString();
  }
  const words = ['webhook', 'replay', ...args.map(shellWord)];
  for (const option of define.options) {
    const value = said[option.attributeName()];
    if (value === undefined || value === option.defaultValue) continue;
    const flag = option.long ?? option.flags;
    for (const one of Array.isArray(value) ? value : [value]) words.push(...wordsOf(flag, one));
  }
  return [...words, ...commonWords(flags)].join(' ');
}

function wordsOf(flag: string, value: unknown): string[] {
  if (typeof value === 'boolean') return [flag];
  if (flag === '--secret') return [flag, '<secret>'];
  if (flag === '--header' && isSecretHeader(String(value))) return [flag, `<${String(value).split(':', 1)[0]}>`];
  if (flag === '--to') return targetWords(String(value));
  return [flag, shellWord(isEdit(value) ? editText(value) : String(value))];
}

function isSecretHeader(line: string): boolean {
  const header = parseHeaderLine(line);
  return header !== null && redactHeaders([header])[0]?.[1] !== header[1];
}

function isEdit(value: unknown): value is Edit {
  return typeof value === 'object' && value !== null && 'path' in value;
}

function editText(edit: Edit): string {
  const path = typeof edit.path === 'string' ? edit.path : formatPath(edit.path);
  return edit.kind === 'set' ? `${path}=${edit.json}` : path;
}

/** What every command takes; it is not among a command's own options. */
function commonWords(flags: CommonFlags): string[] {
  const { json, quiet, color, showSecrets, debug } = flags;
  return [
    ...placeWords(flags),
    ...(json ? ['--json'] : []),
    ...(quiet ? ['--quiet'] : []),
    ...(color ? [] : ['--no-color']),
    ...(showSecrets ? ['--show-secrets'] : []),
    ...(debug ? ['--debug'] : []),
  ];
}
