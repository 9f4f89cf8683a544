import type { Attempt, Delivery } from '../core/delivery/delivery.js';
import type { HeaderList } from '../core/http/headers.js';
import { type BodyText, bodyText } from './body.js';
import { foldLine, indent, type Line } from './layout.js';
import type { PrintPart } from './renderer.js';
import type { Screen } from './screen.js';
import { safeLine } from './terminal.js';
import type { Style } from './theme.js';
import { attemptOutcome, shortId, spent, statusPhrase } from './words.js';

/** A header, or a path, takes at most so many rows; a token may be kilobytes long. */
const FEW_ROWS = 4;

/** `Name: value`, a line each, folded to the width. */
export function headerLines(headers: HeaderList, screen: Screen, width: number): Line[] {
  return screen.headers(headers).flatMap(([name, value]) => fewRows(name, 'key', ': ', value, screen, width));
}

/** Folded to the width, and to a few rows: of what is longer, it says how long it is. */
function fewRows(label: string, style: Style, between: string, text: string, screen: Screen, width: number): Line[] {
  const most = FEW_ROWS * width;
  const line: Line = [[safeLine(label.slice(0, most)), style], [between, 'dim'], [safeLine(text.slice(0, most))]];
  const rows = foldLine(line, width, 4);
  if (rows.length <= FEW_ROWS && text.length <= most && label.length <= most) return rows;
  const length = Math.max(text.length, label.length);
  return [...rows.slice(0, FEW_ROWS - 1), [[`    ${screen.theme.marks.ellipsis} ${length} characters`, 'dim']] satisfies Line];
}

export function shownBody(
  message: { readonly headers: HeaderList; readonly body: Uint8Array },
  screen: Screen,
  view: { readonly width: number; readonly maxRows?: number; readonly more: string | null },
): BodyText {
  return bodyText(message.headers, message.body, {
    hide: screen.body,
    width: view.width,
    maxRows: view.maxRows ?? screen.bodyRows,
    more: view.more,
    marks: screen.theme.marks,
  });
}

/** What `--print` asks to stand under a delivery's line, moved `margin` columns to the right. */
export function deliveryDetails(delivery: Delivery, print: ReadonlySet<PrintPart>, screen: Screen, margin: number): Line[] {
  const width = screen.foldWidth - margin;
  const blocks: Line[][] = [];
  const { request, response } = delivery;
  if (print.has('headers')) {
    const first = fewRows(request.method, 'strong', ' ', screen.url(request.path), screen, width);
    blocks.push([...first, ...headerLines(request.headers, screen, width)]);
  }
  if (print.has('body')) {
    const body = shownBody(request, screen, { width, more: `webhook show ${shortId(delivery.id)} --body` });
    // JSON that is JSON speaks for itself; what was decoded, is broken or is something else is said.
    const about = body.remarkable ? foldLine(body.about, width, 2) : [];
    blocks.push([...(blocks.length > 0 ? [[]] : []), ...about, ...body.lines]);
  }
  if (print.has('response')) {
    if (response !== null)
      blocks.push(responseLines({ ...response, more: `webhook show ${shortId(delivery.id)}` }, screen, width));
    for (const attempt of delivery.attempts.slice(response === null ? 0 : 1)) {
      blocks.push([...foldLine(attemptTitle(attempt, screen), width, 2), ...attemptDetails(attempt, screen, { width })]);
    }
  }
  return blocks.flatMap((block) => block.map((line) => indent(line, margin)));
}

/** What an attempt came to, and what came back. */
export function attemptDetails(
  attempt: Attempt,
  screen: Screen,
  view: { readonly width: number; readonly maxRows?: number; readonly headers?: boolean },
): Line[] {
  const { width } = view;
  const first: Line = [[`${screen.theme.marks.answer} `, 'dim'], ...attemptOutcome(attempt, screen)];
  const rows = foldLine(first, width, 2);
  if (attempt.outcome === 'failed') return rows;
  const { maxRows } = view;
  const body = shownBody(attempt, screen, { width: width - 2, more: null, ...(maxRows === undefined ? {} : { maxRows }) });
  const headers = view.headers === true ? headerLines(attempt.headers, screen, width - 2) : [];
  const rest = [...headers, ...(headers.length > 0 ? [[]] : []), ...foldLine(body.about, width - 2, 2), ...body.lines];
  return [...rows, ...rest.map((line) => indent(line, 2))];
}

/** When an attempt was made and at what. */
export function attemptTitle(attempt: Attempt, screen: Screen): Line {
  const { dot } = screen.theme.marks;
  const replay = attempt.replay ? ` ${dot} replay` : '';
  return [
    [screen.clock.brief(attempt.startedAt, screen.now()), 'dim'],
    ['  '],
    [safeLine(screen.url(attempt.target))],
    [replay, 'dim'],
  ];
}

function responseLines(
  response: {
    readonly status: number;
    readonly durationMs: number;
    readonly headers: HeaderList;
    readonly body: Uint8Array;
    readonly more: string;
  },
  screen: Screen,
  width: number,
): Line[] {
  const { marks } = screen.theme;
  const body = shownBody(response, screen, { width: width - 2, more: response.more });
  const first: Line = [
    [`${marks.answer} `, 'dim'],
    statusPhrase(response.status),
    [` ${marks.dot} ${spent(response.durationMs)} ${marks.dot} `, 'dim'],
    ...body.about,
  ];
  return [...foldLine(first, width, 2), ...body.lines.map((line) => indent(line, 2))];
}
