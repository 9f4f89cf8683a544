import type { Attempt, FailureReason } from '../core/delivery/delivery.js';
import type { Verdict } from '../core/signature/verdict.js';
import { formatDuration } from '../core/units.js';
import type { Line, Span } from './layout.js';
import type { Screen } from './screen.js';
import { safeLine } from './terminal.js';
import { type Marks, type Style, statusStyle } from './theme.js';

/** As many characters of an id as tell one delivery from the next, and can be pasted wherever an id goes. */
const SHORT_ID = 16;

export function shortId(id: string): string {
  return safeLine(id.slice(0, SHORT_ID));
}

const VERDICTS: Readonly<
  Record<Verdict['status'], { readonly mark: 'valid' | 'invalid' | 'unchecked'; readonly word: string; readonly style: Style }>
> = {
  valid: { mark: 'valid', word: 'valid', style: 'good' },
  invalid: { mark: 'invalid', word: 'not valid', style: 'bad' },
  unchecked: { mark: 'unchecked', word: 'not checked', style: 'warn' },
};

export function verdictMark(status: Verdict['status'], marks: Marks): Span {
  const { mark, style } = VERDICTS[status];
  return [marks[mark], style];
}

/** `✓ valid`, `✗ not valid`, `○ not checked` */
export function verdictWord(status: Verdict['status'], marks: Marks): Line {
  const { mark, word, style } = VERDICTS[status];
  return [[`${marks[mark]} ${word}`, style]];
}

export function verdictStyle(status: Verdict['status']): Style {
  return VERDICTS[status].style;
}

/** `12 ms`, `<1 ms` */
export function spent(ms: number): string {
  return ms > 0 && ms < 0.5 ? '<1 ms' : formatDuration(ms);
}

/** A path as it reads from the working directory, where it lies in there. */
export function within(path: string, cwd: string | null): string {
  if (cwd === null || !path.startsWith(cwd)) return path;
  const rest = path.slice(cwd.length);
  return /^[/\\]./.test(rest) ? rest.slice(1) : path;
}

const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** `404 Not Found`, coloured by its class. */
export function statusPhrase(status: number): Span {
  const phrase = PHRASES[status];
  return [phrase === undefined ? String(status) : `${status} ${phrase}`, statusStyle(status)];
}

/** `→ 200`, `→ refused`: at most nine columns. */
export function attemptStatus(
  attempt: { readonly status: number } | { readonly reason: FailureReason | null },
  screen: Screen,
): Line {
  const arrow: Span = [`${screen.theme.marks.arrow} `, 'dim'];
  return 'status' in attempt
    ? [arrow, [String(attempt.status), statusStyle(attempt.status)]]
    : [arrow, [attempt.reason ?? 'failed', 'bad']];
}

/** What an attempt came to, in words: `200 OK · 11 ms`, `refused · 2 ms: Nothing listens on localhost:3000.` */
export function attemptOutcome(attempt: Attempt, screen: Screen): Line {
  const took: Span = [` ${screen.theme.marks.dot} ${spent(attempt.durationMs)}`, 'dim'];
  return attempt.outcome === 'responded'
    ? [statusPhrase(attempt.status), took]
    : [[attempt.reason, 'bad'], took, [`: ${safeLine(attempt.message)}`]];
}
