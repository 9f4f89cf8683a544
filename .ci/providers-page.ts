/** The page of all providers, docs/PROVIDERS.md, made of their definitions. */
import { builtinProviders } from '../src/core/providers/list.js';
import type { Provider } from '../src/core/providers/model.js';
import { providerFacts, schemeSummary } from '../src/render/provider-facts.js';

export function providersPage(): string {
  const providers = [...builtinProviders].sort((a, b) => (a.title.toLowerCase() < b.title.toLowerCase() ? -1 : 1));
  const lines = [
    '# Providers',
    '',
    `The ${providers.length} providers that come along, made of their definitions by \`npm run docs\`. One of your own goes into the config;`,
    '[ARCHITECTURE.md](ARCHITECTURE.md) says how to add one here. How sure: **high** is read in an official SDK, specification or',
    'repository; **medium** in documentation, or in public code that agrees; **low** is put together from what little is public.',
    '',
    '| Provider | `--provider` | Signature | Events | Challenges | How sure |',
    '|---|---|---|---|---|---|',
    ...providers.map(row),
    '',
    ...providers.flatMap(section),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function row({ title, name, schemes, events, challenges, confidence }: Provider): string {
  const sends = schemes.find((scheme) => scheme.sends);
  const cells = [
    `[${title}](#${name})`,
    `\`${name}\``,
    sends === undefined ? 'none' : schemeSummary(sends),
    String(Object.keys(events).length),
    challenges.map((challenge) => `\`${challenge.name}\``).join(', '),
    confidence ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function section(provider: Provider): string[] {
  return [
    `<a id="${provider.name}"></a>`,
    '',
    `## ${provider.title}`,
    '',
    ...providerFacts(provider).map(([label, texts]) => `- **${label}**: ${texts.map(escaped).join('; ')}`),
    ...Object.entries(provider.events).map(
      ([event, line], index) => `${index === 0 ? '- **Events**:\n' : ''}  - \`${event}\`: ${escaped(line)}`,
    ),
    ...(provider.assumptions.length === 0
      ? []
      : ['- **Assumed**, not documented:', ...provider.assumptions.map((text) => `  - ${escaped(text)}`)]),
    `- **Documentation**: ${provider.docs.map((url) => `<${url}>`).join(', ')}`,
    '',
  ];
}

/** Text that Markdown would take for something else. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>]/g, '\\$&');
}
