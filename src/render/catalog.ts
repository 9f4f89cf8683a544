import type { Provider } from '../core/providers/model.js';
import { LABEL, sentence } from './labelled.js';
import { foldLine, type Line, widest } from './layout.js';
import { providerFacts, schemeSummary } from './provider-facts.js';
import type { EventRow, Fact } from './renderer.js';
import type { Screen } from './screen.js';
import { pad, safeLine, truncate, wrapWords } from './terminal.js';

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

/** Facts, a label and what belongs to it a line. */
export function factLines(facts: readonly Fact[], screen: Screen): Line[] {
  return facts.flatMap(([label, texts]) => texts.flatMap((text, index) => sentence(index === 0 ? label : '', text, screen)));
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
  lines.push(...factLines(providerFacts(provider), screen));
  const events = Object.keys(provider.events);
  if (events.length > 0) lines.push(...sentence('Events', `${events.length}: webhook events ${provider.name}`, screen));
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
