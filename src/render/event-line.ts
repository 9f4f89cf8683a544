import { type Attempt, attemptFailed, type Delivery } from '../core/delivery/delivery.js';
import { secretVariable } from '../core/providers/variable.js';
import type { MetChallenge } from '../core/relay.js';
import { NO_SECRET, type Verdict } from '../core/signature/verdict.js';
import { indent, type Line, lineWidth, type Span } from './layout.js';
import type { AttemptOutcome } from './renderer.js';
import type { Screen } from './screen.js';
import { displayWidth, pad, safeLine, truncate, wrapWords } from './terminal.js';
import { type Style, statusStyle } from './theme.js';
import { attemptStatus, shortId, spent, verdictMark, verdictStyle } from './words.js';

/** Where what belongs to an event's line begins: under its name. */
export const EVENT_INDENT = 14;

const NAME_WIDTH = 24;
const ID_WIDTH = 16;
const STATUS_WIDTH = 9;
const SPENT_WIDTH = 7;
/** From so many columns on, there is room for the provider's own id too. */
const WIDE = 110;

/** A remark at the end of the line, or under it where there is no room. */
interface Remark {
  readonly text: string;
  readonly style?: Style;
}

interface EventLine {
  readonly at: number;
  readonly mark: Span;
  readonly name: Span;
  /** The ones that matter most first. */
  readonly ids: readonly string[];
  readonly status: Line;
  readonly spent: string;
  readonly remarks: readonly Remark[];
}

/** `14:02:11  ✓ order.created             dlv_01JD3VABCDEF  → 200        12 ms`, and remarks. */
function eventLine(parts: EventLine, screen: Screen): Line[] {
  const { clock, theme, width } = screen;
  const left: Line = [['  '], [clock.time(parts.at), 'dim'], ['  '], parts.mark, [' ']];
  const status: Line = [['  '], ...parts.status, [' '.repeat(Math.max(0, STATUS_WIDTH - lineWidth(parts.status)))]];
  const right: Line = [...status, [`  ${pad(parts.spent, SPENT_WIDTH, 'right')}`, 'dim']];

  // A long name is worth more than an id: ids give way to it, and only then is it cut.
  let room = width - EVENT_INDENT - lineWidth(right);
  const [name, style] = parts.name;
  const most = Math.max(12, room);
  const shown = pad(truncate(name, most, theme.marks.ellipsis), Math.min(NAME_WIDTH, most));
  const nameSpan: Span = style === undefined ? [shown] : [shown, style];
  let line: Line = [...left, nameSpan];
  room -= displayWidth(nameSpan[0]) + 2 + ID_WIDTH;
  for (const id of parts.ids) {
    if (room < 0) break;
    room -= 2 + ID_WIDTH;
    line = [...line, [`  ${pad(truncate(id, ID_WIDTH, theme.marks.ellipsis), ID_WIDTH)}`, 'dim']];
  }
  line = [...line, ...right];

  const foldWidth = screen.foldWidth;
  const beneath: Line[] = [];
  for (const { text, style: remarkStyle } of parts.remarks) {
    const span: Span = remarkStyle === undefined ? [`  ${text}`] : [`  ${text}`, remarkStyle];
    if (beneath.length === 0 && lineWidth([...line, span]) <= foldWidth) {
      line = [...line, span];
      continue;
    }
    for (const row of wrapWords(text, foldWidth - EVENT_INDENT)) {
      beneath.push(indent([remarkStyle === undefined ? [row] : [row, remarkStyle]], EVENT_INDENT));
    }
  }
  return [line, ...beneath];
}

/** One line for a delivery that came in. `known`: provider that needs no mention, since all are of it. */
export function deliveryLines(
  delivery: Delivery,
  screen: Screen,
  view: { readonly known: string | null; readonly note: string | null },
): Line[] {
  const { marks } = screen.theme;
  const { response } = delivery;
  const answering = answeringTries(delivery.attempts);
  const last = answering.at(-1);
  let status: Line = [[`  ${marks.dash}`, 'dim']];
  if (last !== undefined) status = attemptStatus(last, screen);
  else if (response !== null) status = [['  '], [String(response.status), statusStyle(response.status)]];
  // What its sender waited for, tries and all.
  const ms = response?.durationMs ?? last?.durationMs ?? null;
  return eventLine(
    {
      at: delivery.receivedAt,
      mark: verdictMark(delivery.verdict.status, marks),
      name: nameOf(delivery, screen, view.known),
      ids: idsOf(delivery, screen, true),
      status,
      spent: ms === null ? '' : spent(ms),
      remarks: [
        ...verdictRemarks(delivery),
        ...answerRemarks(answering, response),
        ...targetRemarks(delivery.attempts.slice(answering.length), screen),
        ...otherRemarks(delivery, view.note),
      ],
    },
    screen,
  );
}

/** The tries of the target whose answer goes back to the sender: the first one's, which stand together. */
function answeringTries(attempts: readonly Attempt[]): readonly Attempt[] {
  const end = attempts.findIndex(({ target }) => target !== attempts[0]?.target);
  return end < 0 ? attempts : attempts.slice(0, end);
}

/** One line for a delivery that was sent. */
export function attemptLines(delivery: Delivery, attempt: Attempt, outcome: AttemptOutcome, screen: Screen): Line[] {
  const remarks: Remark[] = [];
  if (outcome.why !== null) remarks.push({ text: safeLine(outcome.why), ...(outcome.ok ? { style: 'dim' } : { style: 'bad' }) });
  else if (attempt.outcome === 'failed') remarks.push({ text: safeLine(attempt.message), style: 'bad' });
  return eventLine(
    {
      at: attempt.startedAt,
      mark: verdictMark(outcome.verdict ?? (outcome.ok ? 'valid' : 'invalid'), screen.theme.marks),
      name: nameOf(delivery, screen, delivery.provider),
      ids: idsOf(delivery, screen, attempt.replay),
      status: attemptStatus(attempt, screen),
      spent: spent(attempt.durationMs),
      remarks,
    },
    screen,
  );
}

/** A challenge by its name, how it was answered, and what is left to do; a secret that came with it, to be stored. */
export function challengeLines(met: MetChallenge, screen: Screen, known: string | null): Line[] {
  const { delivery, name, outcome, note, secret, confirm } = met;
  const from = delivery.provider === null || delivery.provider === known ? '' : `${safeLine(delivery.provider)} `;
  const remarks: Remark[] = [{ text: outcome, style: outcome === 'answered' ? 'good' : 'bad' }];
  if (note !== null) remarks.push({ text: safeLine(note) });
  if (secret !== null) remarks.push(...secretRemarks(delivery.provider, secret));
  if (confirm !== null) remarks.push(confirmRemark(confirm));
  const code = delivery.response?.status ?? 0;
  return eventLine(
    {
      at: delivery.receivedAt,
      mark: verdictMark(outcome === 'answered' ? 'valid' : 'invalid', screen.theme.marks),
      name: [`${from}challenge ${safeLine(name)}`, 'strong'],
      ids: [],
      status: [['  '], [String(code), statusStyle(code)]],
      spent: spent(delivery.response?.durationMs ?? 0),
      remarks,
    },
    screen,
  );
}

function secretRemarks(provider: string | null, secret: NonNullable<MetChallenge['secret']>): Remark[] {
  const variable = provider === null ? 'WEBHOOK_SECRET' : safeLine(secretVariable(provider));
  const used = secret.used ? 'deliveries are checked with it from now on' : 'not used: there is a secret already';
  return [
    { text: `Its secret, shown this once: ${safeLine(secret.value)}`, style: 'warn' },
    { text: `Keep it as ${variable} (${used}).` },
  ];
}

function confirmRemark({ url, outcome }: NonNullable<MetChallenge['confirm']>): Remark {
  if (outcome === null) return { text: `To confirm, open it, or listen with --confirm: ${safeLine(url)}`, style: 'link' };
  if (outcome.outcome === 'failed') return { text: `Confirming it failed: ${safeLine(outcome.message)}`, style: 'bad' };
  const good = outcome.status < 300;
  return { text: good ? 'Confirmed.' : `Confirming it failed: ${outcome.status}`, style: good ? 'good' : 'bad' };
}

function nameOf(delivery: Delivery, screen: Screen, known: string | null): Span {
  if (delivery.event === null) return [safeLine(`${delivery.request.method} ${screen.url(delivery.request.path)}`), 'dim'];
  const event = safeLine(delivery.event);
  const told = delivery.provider === null || delivery.provider === known || screen.width < WIDE;
  return [told ? event : `${safeLine(delivery.provider ?? '')}/${event}`, 'strong'];
}

/** `kept`: its own id is one to find it again by. */
function idsOf(delivery: Delivery, screen: Screen, kept: boolean): string[] {
  const own = shortId(delivery.id);
  const theirs = delivery.eventId === null ? null : safeLine(delivery.eventId);
  if (!kept) return [theirs ?? own];
  // Where there is room for both, one that is missing leaves its place empty: columns stay columns.
  return screen.width < WIDE ? [own] : [own, theirs ?? ''];
}

function verdictRemarks(delivery: Delivery): Remark[] {
  const { verdict } = delivery;
  if (verdict.status === 'valid') return [];
  const style = verdictStyle(verdict.status);
  if (verdict.status === 'unchecked') {
    return [{ text: `not checked: ${whyUnchecked(verdict)}`, style }];
  }
  const [finding] = verdict.diagnosis;
  const text =
    finding === undefined || finding.message === verdict.message
      ? verdict.message
      : `signature does not match: ${finding.message.charAt(0).toLowerCase()}${finding.message.slice(1)}`;
  return [{ text: safeLine(text), style }];
}

function whyUnchecked({ reason, message }: Verdict): string {
  if (reason === 'unknown_provider') return 'unknown provider';
  // Of what is never signed, the first thing that is said: Mollie does not sign its classic webhooks.
  return message === NO_SECRET ? 'no secret' : safeLine(message.split(/[:,.]/, 1)[0] ?? '');
}

/** Why there was no answer, what the sender got where it is something else, and what came before. */
function answerRemarks(tries: readonly Attempt[], response: Delivery['response']): Remark[] {
  const last = tries.at(-1);
  if (last === undefined) return [];
  const given = last.outcome === 'responded' ? last.status : null;
  const got = response === null || response.status === given ? '' : `${response.status} to the sender`;
  const why = last.outcome === 'failed' ? safeLine(last.message) : '';
  const remarks: Remark[] = [];
  if (got !== '' || why !== '') remarks.push({ text: [got, why].filter(Boolean).join(': '), style: 'bad' });
  if (tries.length > 1) {
    const each = tries.map((attempt) => `${came(attempt)} in ${spent(attempt.durationMs)}`);
    remarks.push({ text: `${tries.length} tries: ${each.join(', ')}`, style: 'dim' });
  }
  return remarks;
}

/** What the other targets made of it. */
function targetRemarks(attempts: readonly Attempt[], screen: Screen): Remark[] {
  return attempts.map((attempt) => {
    const why = attempt.outcome === 'failed' ? `: ${safeLine(attempt.message)}` : '';
    const text = `${screen.theme.marks.arrow} ${came(attempt)} from ${safeLine(screen.url(attempt.target))} in ${spent(attempt.durationMs)}${why}`;
    return { text, style: attemptFailed(attempt) ? 'bad' : 'dim' };
  });
}

/** `503`, `refused` */
function came(attempt: Attempt): string {
  return attempt.outcome === 'failed' ? attempt.reason : String(attempt.status);
}

function otherRemarks(delivery: Delivery, note: string | null): Remark[] {
  const remarks: Remark[] = [];
  if (delivery.duplicateOf !== null) remarks.push({ text: `(again: same id as ${shortId(delivery.duplicateOf)})`, style: 'dim' });
  if (note !== null) remarks.push({ text: safeLine(note), style: 'dim' });
  return remarks;
}
