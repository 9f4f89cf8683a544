/** Everything a description of a provider says, in words: for `webhook providers <name>` and the page of all providers. */
import type { Provider, Scheme } from '../core/providers/model.js';
import { secretVariable } from '../core/providers/variable.js';
import { certificateSource } from '../core/signature/certificate.js';
import { formatDuration } from '../core/units.js';
import type { Fact } from './renderer.js';

/** The facts of a provider, in the order they are shown; events, documentation and assumptions aside. */
export function providerFacts(provider: Provider): Fact[] {
  const { schemes, testEvent } = provider;
  const facts: Array<readonly [string, ReadonlyArray<string | null>]> = [
    ...(schemes.length === 0 ? [['Signature', ['It does not sign its deliveries.']] as const] : []),
    ...schemes.map((scheme) => ['Signature', schemeLines(scheme, schemes.length > 1)] as const),
    ['Secret', [schemes.length === 0 ? null : `${secretVariable(provider.name)} in the environment`]],
    ['Certificate', [certificateSource(provider) === null ? null : CERTIFICATE]],
    ['Event', [places(provider.event)]],
    ['Event id', [places(provider.eventId) + (provider.idFormat === null ? '' : `, written ${provider.idFormat}`)]],
    ['All events', [provider.allEvents === null ? null : `no others are documented: ${provider.allEvents}`]],
    ['Batch', [provider.batch === null ? null : `several events in ${place(provider.batch).trim() || 'the body'}`]],
    ['Sends', [provider.contentType]],
    ['Headers', provider.headers.map(([name, value]) => `${name}: ${value}`)],
    ['User-Agent', [provider.userAgent]],
    ['Delivered', [`when it is answered ${provider.success}`]],
    ['Timeout', [provider.timeoutMs === null ? 'not published' : formatDuration(provider.timeoutMs)]],
    ['Retries', [retries(provider.retriesMs)]],
    ['Challenges', provider.challenges.map(({ name, summary }) => `${name}: ${summary}`)],
    ['Set up', [provider.setup]],
    ['Test event', [testEvent === null ? null : `${testEvent.method} ${testEvent.url}, key in ${testEvent.keyVariable}`]],
    [
      'Told apart',
      [
        provider.family === null || provider.family === provider.name
          ? null
          : `not from the rest of the ${provider.family} family, except by what its events hold`,
      ],
    ],
    ['How sure', [provider.confidence === null ? null : SURE[provider.confidence]]],
  ];
  return facts.flatMap(([label, lines]): Fact[] => {
    const said = lines.filter((line): line is string => line !== null && line !== '');
    return said.length === 0 ? [] : [[label, said]];
  });
}

const CERTIFICATE = 'it names one of its own, which --fetch-certificate of verify and listen fetches';

const SURE = {
  high: 'high: read in an official SDK, specification or repository',
  medium: 'medium: read in documentation, or in public code that agrees',
  low: 'low: put together from what little is public',
} as const;

function schemeLines(scheme: Scheme, several: boolean): Array<string | null> {
  const first = `${several ? `${scheme.id}: ` : ''}${schemeSummary(scheme)}${scheme.sends ? '' : ' (accepted, not sent)'}`;
  if (scheme.custom !== null) return [first, scheme.custom.summary];
  const { past, future } = scheme.tolerance;
  const side = (ms: number | null): string => (ms === null ? 'any' : formatDuration(ms));
  const keys = scheme.keys.map(({ encoding, prefix }) => {
    const read = encoding === 'utf8' ? 'text' : encoding;
    return prefix === undefined ? read : `${read} after ${prefix}`;
  });
  return [
    first,
    scheme.at.length > 1 ? `also read from ${scheme.at.slice(1).map(place).join(', ')}` : null,
    scheme.kind === 'token' ? null : `over ${scheme.content}`,
    scheme.prefix === '' ? null : `written ${scheme.prefix}<signature>`,
    scheme.timestamp.length > 0 ? `timestamp in ${places(scheme.timestamp)} (${scheme.timestampUnits.join(', ')})` : null,
    past === null && future === null
      ? null
      : past === future
        ? `tolerance ${side(past)} both ways`
        : `tolerance ${side(past)} past, ${side(future)} future`,
    scheme.kind === 'token' ? null : `key read as ${keys.join(', or as ')}`,
  ];
}

/** `HMAC-SHA256, hex, in X-Webhook-Signature` */
export function schemeSummary(scheme: Scheme): string {
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
  const [, kind = '', name = ''] = /^(header|body|each|form|query|item):(.*)$/s.exec(expression) ?? [];
  switch (kind) {
    case '':
      return expression;
    case 'header':
      return name;
    case 'form':
      return `form field ${name.replace('#/', ', /')}`;
    case 'query':
      return `query parameter ${name}`;
    case 'item':
      return `${name} beside the signature`;
    default:
      return `${kind} ${name}`;
  }
}

function retries(retriesMs: readonly number[] | null): string {
  if (retriesMs === null) return 'not published';
  return retriesMs.length === 0 ? 'none' : `after ${retriesMs.map(formatDuration).join(', ')}`;
}
