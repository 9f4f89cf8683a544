/** How the public URL and what becomes of it look to a person. */
import type { QueueState } from '../core/queue.js';
import { formatDuration } from '../core/units.js';
import { foldLine, indent, type Line } from './layout.js';
import type { Renderer, TunnelRow } from './renderer.js';
import type { Screen } from './screen.js';
import { safeLine, wrapWords } from './terminal.js';
import type { Style } from './theme.js';

const INDENT = 4;
const UNDER_TIME = 12;

type TunnelState = Parameters<Renderer['tunnel']>[0];

/** `14:02:11  tunnel down  https://abc.loca.lt`, and why; a changed URL stands alone on its line, to be copied. */
export function tunnelLines({ state, url, reason }: TunnelState, screen: Screen): Line[] {
  if (state === 'changed') {
    return [
      [],
      indent([['the public URL has changed', 'warn']], 2),
      [],
      indent([[safeLine(url), 'link']], INDENT),
      [],
      ...(reason === null ? [] : [...wrapped(reason, screen, 2), []]),
    ];
  }
  const word: Line[number] = state === 'up' ? ['tunnel up', 'good'] : ['tunnel down', 'warn'];
  const first = [...moment(screen), word, ['  '], [safeLine(url), 'link']] satisfies Line;
  return [first, ...(reason === null ? [] : wrapped(reason, screen, UNDER_TIME))];
}

function wrapped(text: string, screen: Screen, margin: number, style: Style = 'dim'): Line[] {
  return wrapWords(safeLine(text), screen.foldWidth - margin).map((row) => indent([[row, style]], margin));
}

/** `14:02:11  2 deliveries wait for http://localhost:3000, which is down` */
export function queueLines(state: QueueState, screen: Screen): Line[] {
  const [text, style] = queueNews(state, safeLine(screen.url(state.target)));
  return wrapWords(text, screen.foldWidth - UNDER_TIME).map((row, at) =>
    at === 0 ? [...moment(screen), [row, style]] : indent([[row, style]], UNDER_TIME),
  );
}

function queueNews(news: QueueState, where: string): readonly [text: string, style: Style] {
  const { waiting } = news;
  const one = waiting === 1;
  switch (news.state) {
    case 'waiting': {
      const again =
        news.againMs === null ? 'is down' : `gets ${one ? 'it' : 'the first'} again in ${formatDuration(news.againMs)}`;
      return [`${one ? '1 delivery waits' : `${waiting} deliveries wait`} for ${where}, which ${again}`, 'warn'];
    }
    case 'delivering': {
      const gets = `gets ${one ? 'the delivery' : `the ${waiting} deliveries`} that waited for it`;
      return [news.back ? `${where} is back, and ${gets}` : `${where} ${gets}`, 'good'];
    }
    case 'empty':
      return news.failed === 0
        ? [`nothing waits for ${where} any more`, 'good']
        : [`nothing waits for ${where} any more, but it did not take ${news.failed} of what did`, 'warn'];
  }
}

function moment(screen: Screen): Line {
  return [['  '], [screen.clock.time(screen.now()), 'dim'], ['  ']];
}

/**
 * A QR code of half blocks, two modules a character; without Unicode, of two characters a module. Light ones are drawn. A folded
 * code cannot be read: where it is too wide, that is said.
 */
export function qrLines(modules: ReadonlyArray<readonly boolean[]>, screen: Screen): Line[] {
  const { unicode } = screen.theme;
  const columns = (modules[0]?.length ?? 0) * (unicode ? 1 : 2);
  if (columns > screen.foldWidth) {
    const said = `The terminal is too narrow for the QR code (${columns} columns).`;
    return wrapped(said, screen, INDENT, 'warn');
  }
  const lines: Line[] = [];
  for (let y = 0; y < modules.length; y += unicode ? 2 : 1) {
    const upper = modules[y] ?? [];
    const lower = unicode ? modules[y + 1] : upper;
    // Below the last row there is nothing, and so nothing to draw.
    const text = upper.map((dark, x) => glyph(!dark, lower === undefined ? false : !lower[x], unicode)).join('');
    lines.push(indent([[text]], Math.min(INDENT, screen.foldWidth - columns)));
  }
  return lines;
}

function glyph(upper: boolean, lower: boolean, unicode: boolean): string {
  if (!unicode) return upper ? '##' : '  ';
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

/** Each with what it does, what it needs and what to know about it. */
export function tunnelsLines(tunnels: readonly TunnelRow[], screen: Screen): Line[] {
  const { marks } = screen.theme;
  return tunnels.flatMap(({ name, summary, needs, traits, ready, detail }, index): Line[] => {
    const row = (label: string, text: string): Line[] =>
      wrapWords(safeLine(text), screen.foldWidth - LABEL - INDENT).map((part, at) =>
        indent([[(at === 0 ? label : '').padEnd(LABEL), 'dim'], [part]], INDENT),
      );
    return [
      ...(index === 0 ? [] : [[] satisfies Line]),
      ...foldLine(
        [ready ? [marks.valid, 'good'] : [marks.unchecked, 'warn'], [' '], [name, 'strong'], ['  '], [safeLine(detail), 'dim']],
        screen.foldWidth,
        INDENT,
      ),
      ...wrapWords(safeLine(summary), screen.foldWidth - INDENT).map((part) => indent([[part]], INDENT)),
      ...row('needs', needs),
      ...row('traits', traitsOf(traits).join(` ${marks.dot} `)),
    ];
  });
}

const LABEL = 8;

function traitsOf(traits: TunnelRow['traits']): string[] {
  const { bytesExact, repliesPass, urlStable, account, plaintextHop } = traits;
  const said: Array<string | null> = [
    bytesExact === null ? null : bytesExact ? 'bytes exact' : 'bytes not exact',
    repliesPass === null ? null : repliesPass ? 'replies pass' : 'no replies',
    urlStable === null
      ? null
      : { always: 'same URL every time', asked: 'same URL when asked for', never: 'a new URL every time' }[urlStable],
    account === null ? null : account ? 'account needed' : 'no account',
    plaintextHop === null ? null : plaintextHop ? 'unencrypted on the way here' : 'encrypted on the way here',
  ];
  const known = said.filter((one) => one !== null);
  return known.length === 0 ? ['those of what you use'] : known;
}
