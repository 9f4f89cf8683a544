import type { Attempt, Delivery } from '../core/delivery/delivery.js';
import type { HeaderList } from '../core/http/headers.js';
import type { OutgoingRequest } from '../core/http/message.js';
import type { EventIdentity } from '../core/providers/batch.js';
import type { Verdict } from '../core/signature/verdict.js';
import { formatDuration } from '../core/units.js';
import { attemptDetails, attemptTitle, headerLines, shownBody } from './details.js';
import { field, MARGIN, sentence } from './labelled.js';
import { foldLine, indent, type Line } from './layout.js';
import type { ShowMore } from './renderer.js';
import type { Screen } from './screen.js';
import { safeLine } from './terminal.js';
import { findingLines } from './verdict.js';
import { shortId, spent, statusPhrase, verdictWord } from './words.js';

/** Events of a batch that are listed. */
const MOST_ITEMS = 50;
/** Rows of a body that is shown in full; beyond them only a file or a pager is of use. */
const FULL_ROWS = 2_000;

/** One delivery in full, in sections. */
export function showLines(delivery: Delivery, screen: Screen, { items = [], waitsFor = [] }: ShowMore = {}): Line[] {
  const lines: Line[] = [indent([[safeLine(delivery.id), 'strong']], MARGIN), []];
  const when = screen.clock.full(delivery.receivedAt);
  const age = screen.now() - delivery.receivedAt;
  const word = { received: 'Received', triggered: 'Triggered', imported: 'Received' }[delivery.origin];
  lines.push(...field(word, [[when], ...(age >= 0 ? ([[`  ${formatDuration(age)} ago`, 'dim']] satisfies Line) : [])], screen));
  if (delivery.origin === 'imported') lines.push(...field('Origin', [['imported']], screen));
  lines.push(...field('Provider', [delivery.provider === null ? ['not known', 'dim'] : [safeLine(delivery.provider)]], screen));
  lines.push(...field('Event', [delivery.event === null ? ['not known', 'dim'] : [safeLine(delivery.event)]], screen));
  if (delivery.eventId !== null) lines.push(...field('Event id', [[safeLine(delivery.eventId)]], screen));
  if (items.length > 1) lines.push(...itemLines(items, screen));
  if (delivery.duplicateOf !== null)
    lines.push(...field('Again', [[`same event id as ${shortId(delivery.duplicateOf)}`]], screen));
  for (const target of waitsFor)
    lines.push(...field('Waits', [[`in the queue for ${safeLine(screen.url(target))}`, 'warn']], screen));
  lines.push(...verdictField(delivery.verdict, screen));
  lines.push(...requestSection(delivery, screen), ...answerSection(delivery, screen));
  if (delivery.attempts.length > 0) {
    lines.push([], indent([['Attempts', 'strong']], MARGIN));
    for (const attempt of delivery.attempts) lines.push(...attemptSection(attempt, screen));
  }
  return lines;
}

/** The events of a batch, with their ids. */
function itemLines(items: readonly EventIdentity[], screen: Screen): Line[] {
  const shown = items.slice(0, MOST_ITEMS);
  const lines = shown.flatMap(({ event, eventId }, index) =>
    field(
      index === 0 ? `${items.length} events` : '',
      [[safeLine(event ?? 'not known')], [`  ${safeLine(eventId ?? '')}`, 'dim']],
      screen,
    ),
  );
  const more = items.length - shown.length;
  return more === 0 ? lines : [...lines, ...field('', [[`${screen.theme.marks.ellipsis} ${more} more`, 'dim']], screen)];
}

function verdictField(verdict: Verdict, screen: Screen): Line[] {
  const lines = field('Signature', verdictWord(verdict.status, screen.theme.marks), screen);
  return [...lines, ...sentence('', verdict.message, screen), ...findingLines(verdict, screen)];
}

function requestSection({ id, request }: Delivery, screen: Screen): Line[] {
  const width = screen.foldWidth - 4;
  const first: Line = [[safeLine(request.method), 'strong'], [` ${safeLine(screen.url(request.path))}`]];
  return [
    [],
    indent([['Request', 'strong']], MARGIN),
    ...[...foldLine(first, width, 4), ...headerLines(request.headers, screen, width)].map((line) => indent(line, 4)),
    ...bodySection(request, screen, `webhook show ${shortId(id)} --body`),
  ];
}

function bodySection(
  message: { readonly headers: HeaderList; readonly body: Uint8Array },
  screen: Screen,
  more: string | null,
): Line[] {
  const body = shownBody(message, screen, { width: screen.foldWidth - 4, maxRows: FULL_ROWS, more });
  return [[], ...[...foldLine(body.about, screen.foldWidth - 4, 2), ...body.lines].map((line) => indent(line, 4))];
}

function answerSection({ response, attempts }: Delivery, screen: Screen): Line[] {
  if (response === null) return [];
  const { marks } = screen.theme;
  const title: Line = [
    ['Answer', 'strong'],
    ['  '],
    statusPhrase(response.status),
    [` ${marks.dot} ${spent(response.durationMs)}`, 'dim'],
  ];
  const same = attempts.some((attempt) => attempt.outcome === 'responded' && Buffer.compare(attempt.body, response.body) === 0);
  // What the target said was passed on: it is shown once, with its attempt.
  if (same) return [[], indent([...title, [` ${marks.dot} as the target answered`, 'dim']], MARGIN)];
  const width = screen.foldWidth - 4;
  const headers = headerLines(response.headers, screen, width).map((line) => indent(line, 4));
  return [[], indent(title, MARGIN), ...headers, ...bodySection(response, screen, null)];
}

function attemptSection(attempt: Attempt, screen: Screen): Line[] {
  const width = screen.foldWidth - 4;
  const title = foldLine(attemptTitle(attempt, screen), width, 2);
  const lines = [...title, ...attemptDetails(attempt, screen, { width, maxRows: FULL_ROWS, headers: true })];
  return [[], ...lines.map((line) => indent(line, 4))];
}

/** A request that would be sent. */
export function requestLines(request: OutgoingRequest, screen: Screen): Line[] {
  const width = screen.foldWidth;
  const first: Line = [[safeLine(request.method), 'strong'], [` ${safeLine(screen.url(request.url))}`]];
  const body = shownBody(request, screen, { width, maxRows: FULL_ROWS, more: null });
  return [
    ...foldLine(first, width, 4),
    ...headerLines(request.headers, screen, width),
    [],
    ...(body.remarkable ? foldLine(body.about, width, 2) : []),
    ...body.lines,
    [],
  ];
}
