import type { Provider, Scheme } from '../core/providers/model.js';
import { variableOf } from '../core/signature/sign.js';
import { formatDuration } from '../core/units.js';
import { foldLine, type Line } from './layout.js';
import type { EventRow } from './renderer.js';
import type { Screen } from './screen.js';
import { LABEL, sentence } from './show.js';
import { displayWidth, pad, safeLine, truncate, wrapWords } from './terminal.js';

/** Every provider, a line each: name, how it signs, how many events are known. */
export function providersLines(providers: readonly Provider[], screen: Screen): Line[] {
  const names = widest(
    providers.map(({ name }) => name),
    24,
  );
  const counts = providers.map(({ events }) => eventCount(Object.keys(events).length));
  const countWidth = widest(counts, 12);
  return providers.map((provider, index) => {
    const count = counts[index] ?? '';
    const room = screen.width - 2 - names - 2 - 2 - countWidth;
    const [scheme] = provider.schemes;
    const signs = scheme === undefined ? 'does not sign' : schemeSummary(scheme);
    return [
      ['  '],
      [pad(safeLine(provider.name), names), 'strong'],
      [`  ${pad(truncate(safeLine(signs), room, screen.theme.marks.ellipsis), Math.min(room, 56))}`],
      [`  ${count}`, 'dim'],
    ];
  });
}

/** One provider, with every fact that is known of it. */
export function providerLines(provider: Provider, screen: Screen): Line[] {
  const { marks } = screen.theme;
  const lines: Line[] = [
    [
      ['  '],
      [safeLine(provider.title), 'strong'],
      [`  ${safeLine(provider.name)}${provider.custom ? ` ${marks.dot} from your config` : ''}`, 'dim'],
    ],
    [],
  ];
  const add = (label: string, text: string | null): void => {
    if (text !== null && text !== '') lines.push(...sentence(label, text, screen));
  };
  if (provider.schemes.length === 0) add('Signature', 'It does not sign its deliveries.');
  for (const scheme of provider.schemes) addScheme(scheme, provider.schemes.length > 1, add);
  if (provider.schemes.length > 0) add('Secret', `${variableOf(provider.name)} in the environment`);
  add('Event', places(provider.event));
  add('Event id', places(provider.eventId) + (provider.idFormat === null ? '' : `, written ${provider.idFormat}`));
  add('Sends', provider.contentType);
  provider.headers.forEach(([name, value], index) => {
    add(index === 0 ? 'Headers' : '', `${name}: ${value}`);
  });
  add('User-Agent', provider.userAgent);
  add('Delivered', `when it is answered ${provider.success}`);
  add('Timeout', provider.timeoutMs === null ? 'not published' : formatDuration(provider.timeoutMs));
  add('Retries', retries(provider.retriesMs));
  add('Set up', provider.setup);
  if (provider.testEvent != null)
    add('Test event', `${provider.testEvent.method} ${provider.testEvent.url}, key in ${provider.testEvent.keyVariable}`);
  const events = Object.keys(provider.events);
  if (events.length > 0) add('Events', `${events.length}: webhook events ${provider.name}`);
  provider.docs.forEach((url, index) => {
    // Not folded: the terminal's own wrapping keeps it in one piece for a click or a copy.
    lines.push([['  '], [pad(index === 0 ? 'Docs' : '', LABEL), 'dim'], [safeLine(url), 'link']]);
  });
  if (provider.assumptions.length > 0) {
    lines.push([], [['  '], ['Not documented, assumed:', 'warn']]);
    for (const assumption of provider.assumptions) {
      const rows = wrapWords(safeLine(assumption), screen.foldWidth - 4);
      rows.forEach((row, index) => {
        lines.push([[index === 0 ? `  ${marks.dash} ` : '    ', 'dim'], [row]]);
      });
    }
  }
  return lines;
}

function addScheme(scheme: Scheme, several: boolean, add: (label: string, text: string | null) => void): void {
  add('Signature', `${several ? `${scheme.id}: ` : ''}${schemeSummary(scheme)}${scheme.sends ? '' : ' (accepted, not sent)'}`);
  if (scheme.custom !== null) {
    add('', scheme.custom.summary);
    return;
  }
  if (scheme.at.length > 1) add('', `also read from ${scheme.at.slice(1).map(place).join(', ')}`);
  if (scheme.kind !== 'token') add('', `over ${scheme.content}`);
  if (scheme.prefix !== '') add('', `written ${scheme.prefix}<signature>`);
  if (scheme.timestamp.length > 0) add('', `timestamp in ${places(scheme.timestamp)} (${scheme.timestampUnits.join(', ')})`);
  const { past, future } = scheme.tolerance;
  if (past !== null || future !== null) {
    const side = (ms: number | null): string => (ms === null ? 'any' : formatDuration(ms));
    add('', past === future ? `tolerance ${side(past)} both ways` : `tolerance ${side(past)} past, ${side(future)} future`);
  }
  const keys = scheme.keys.map(({ encoding, prefix }) => (prefix === undefined ? encoding : `${encoding} after ${prefix}`));
  if (scheme.kind !== 'token') add('', `key read as ${keys.join(', or as ')}`);
}

/** `HMAC-SHA256, hex, in X-Webhook-Signature` */
function schemeSummary(scheme: Scheme): string {
  const algorithm = scheme.algorithm.toUpperCase();
  const where = scheme.at[0] === undefined ? '' : `, in ${place(scheme.at[0])}`;
  switch (scheme.kind) {
    case 'hmac':
      return `HMAC-${algorithm}, ${scheme.encoding}${where}`;
    case 'hash':
      return `${algorithm} digest, ${scheme.encoding}${where}`;
    case 'token':
      return `the secret itself${where}`;
    case 'ed25519':
      return `Ed25519, ${scheme.encoding}${where}`;
    case 'custom':
      return `a way of its own${where}`;
    default:
      return `${scheme.kind.toUpperCase()} with ${algorithm}, ${scheme.encoding}${where}`;
  }
}

function places(expressions: readonly string[]): string {
  return expressions.length === 0 ? 'nowhere in the request' : expressions.map(place).join(', or ');
}

/** `header:X-Event` -> `X-Event`; a template stays as it is. */
function place(expression: string): string {
  return expression.startsWith('header:') ? expression.slice('header:'.length) : expression.replace(/^body:/, 'body ');
}

function retries(retriesMs: readonly number[] | null): string {
  if (retriesMs === null) return 'not published';
  return retriesMs.length === 0 ? 'none' : `after ${retriesMs.map(formatDuration).join(', ')}`;
}

/** Event names with a line each, under their provider where there are several. */
export function eventsLines(events: readonly EventRow[], screen: Screen): Line[] {
  const several = new Set(events.map(({ provider }) => provider)).size > 1;
  const names = widest(
    events.map(({ event }) => event),
    Math.floor(screen.width / 2),
  );
  const lines: Line[] = [];
  let provider: string | null = null;
  for (const row of events) {
    if (several && row.provider !== provider) {
      if (provider !== null) lines.push([]);
      lines.push([['  '], [safeLine(row.provider), 'strong']]);
    }
    provider = row.provider;
    lines.push(
      ...foldLine(
        [['  '], [pad(safeLine(row.event), names), 'link'], [`  ${safeLine(row.summary)}`]],
        screen.foldWidth,
        names + 4,
      ),
    );
  }
  return lines;
}

function eventCount(count: number): string {
  return count === 0 ? '' : `${count} event${count === 1 ? '' : 's'}`;
}

function widest(texts: readonly string[], most: number): number {
  return Math.min(
    most,
    texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0),
  );
}
