import { messageOf, WebhookError } from '../errors.js';
import { isHeaderName } from '../http/headers.js';
import { nearest, orList } from '../nearest.js';
import { parseDuration } from '../units.js';
import { isLocator, type Locator } from './locator.js';
import type { KeyForm, Provider, ProviderDefinition, Scheme, SchemeDefinition, SchemeKind, Tolerance } from './model.js';

/**
 * Fills in every word that a description leaves out.
 *
 * @throws WebhookError `provider_invalid` where the description contradicts itself; the message names the provider and the word.
 * @example
 * const acme = defineProvider({ name: 'acme', signature: { header: 'X-Acme-Signature' }, event: 'body:/type' });
 * const { status } = verify({ provider: acme, body: rawBody, headers: request.headers, secret });
 */
export function defineProvider(definition: ProviderDefinition, options: { custom?: boolean } = {}): Provider {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(definition.name)) {
    throw invalid(definition.name, 'name', 'A provider name is lower-case letters, digits and dashes.');
  }
  const schemes = listOf(definition.signature).map((scheme, index) => defineScheme(definition, scheme, index));
  const values = definition.clues?.values ?? {};
  const placed = [...listOf(definition.event), ...listOf(definition.eventId), ...listOf(definition.sentAt)];
  for (const locator of [...Object.keys(definition.fresh ?? {}), ...(definition.hidden ?? [])])
    checkLocator(definition.name, locator);
  for (const expression of [...placed, ...Object.keys(values)]) {
    if (isLocator(expression)) checkLocator(definition.name, expression);
  }
  checkBatch(definition, placed);
  for (const pattern of Object.values(values)) checkPattern(definition.name, 'clues.values', pattern);
  if (definition.unsigned !== undefined) checkPattern(definition.name, 'unsigned.body', definition.unsigned.body);
  const duration = (text: string): number => durationOf(definition.name, text, 'duration');
  return {
    name: definition.name,
    title: definition.title ?? definition.name,
    docs: listOf(definition.docs),
    schemes,
    unsigned: definition.unsigned ?? null,
    event: listOf(definition.event),
    eventId: listOf(definition.eventId),
    batch: definition.batch ?? null,
    idFormat: definition.idFormat ?? null,
    secretFormat: definition.secretFormat ?? null,
    sentAt: definition.sentAt ?? null,
    sentAtFormats: definition.sentAtFormat === undefined ? ['iso'] : listOf(definition.sentAtFormat),
    fresh: definition.fresh ?? {},
    headers: definition.headers ?? [],
    userAgent: definition.userAgent ?? null,
    contentType: definition.contentType ?? 'application/json',
    timeoutMs: definition.timeout === undefined ? null : duration(definition.timeout),
    success: definition.success ?? '2xx',
    retriesMs: definition.retries === undefined ? null : definition.retries.map(duration),
    events: definition.events ?? {},
    allEvents: definition.allEvents ?? null,
    clues: definition.clues ?? {},
    family: definition.family ?? null,
    challenges: definition.challenges ?? [],
    hidden: definition.hidden ?? [],
    confidence: definition.confidence ?? null,
    assumptions: definition.assumptions ?? [],
    setup: definition.setup ?? null,
    testEvent: definition.testEvent ?? null,
    custom: options.custom ?? false,
  };
}

function defineScheme(provider: ProviderDefinition, definition: SchemeDefinition, index: number): Scheme {
  const kind = definition.kind ?? (definition.custom === undefined ? 'hmac' : 'custom');
  const at = [...listOf(definition.at), ...listOf(definition.header).map((name): Locator => `header:${name}`)];
  if (at.length === 0) {
    throw invalid(provider.name, 'signature', 'It does not say where the signature stands.', "Add header: 'X-…' to it.");
  }
  if (kind === 'custom' && definition.custom === undefined) {
    throw invalid(provider.name, 'signature.kind', "'custom' needs code, which only built-in providers have.");
  }
  const content = definition.content ?? '{body}';
  const timestamp = [...listOf(definition.timestamp), ...headerLocators(definition.timestampHeader)];
  if (content.includes('{timestamp}') && timestamp.length === 0) {
    throw invalid(
      provider.name,
      'signature.content',
      'It signs {timestamp}, but nothing says where the timestamp stands.',
      "Add timestampHeader: 'X-…', or timestamp: 'item:t='.",
    );
  }
  const ownId = [...listOf(definition.messageId), ...headerLocators(definition.idHeader)];
  const messageId = ownId.length > 0 ? ownId : listOf(provider.eventId).filter(isLocator);
  if (content.includes('{id}') && messageId.length === 0) {
    throw invalid(
      provider.name,
      'signature.content',
      'It signs {id}, but nothing says where the id stands.',
      "Add idHeader: 'X-…'.",
    );
  }
  for (const locator of [...at, ...timestamp, ...messageId]) checkLocator(provider.name, locator);
  for (const [, word = ''] of content.matchAll(/\{([^{}]+)\}/g)) {
    if (isLocator(word)) checkLocator(provider.name, word);
    else if (!CONTENT_WORDS.includes(word)) {
      throw invalid(
        provider.name,
        'signature.content',
        `Nothing is called {${word}}.`,
        `Write {${orList(nearest(word, CONTENT_WORDS, 1)) || 'body'}}; there are {${CONTENT_WORDS.join('}, {')}} and places such as {header:X-…}.`,
      );
    }
  }
  return {
    id: definition.id ?? (index === 0 ? 'default' : `scheme ${index + 1}`),
    kind,
    algorithm: definition.algorithm ?? 'sha256',
    at,
    encoding: definition.encoding ?? (kind === 'token' ? 'text' : 'hex'),
    prefix: definition.prefix ?? '',
    separator: definition.separator ?? null,
    repeated: definition.repeated ?? false,
    content,
    keys: definition.key === undefined ? [defaultKey(kind)] : listOf(definition.key),
    timestamp,
    timestampUnits: definition.timestampUnit === undefined ? ['s'] : listOf(definition.timestampUnit),
    messageId,
    tolerance: toleranceOf(provider.name, definition.tolerance),
    sends: definition.sends ?? true,
    sentWith: definition.sentWith ?? null,
    custom: definition.custom ?? null,
  };
}

const CONTENT_WORDS = ['body', 'timestamp', 'id', 'url', 'method', 'path', 'secret', 'params', 'decodedUrl', 'sha256:body'];

function checkLocator(name: string, locator: string): void {
  if (!isLocator(locator)) {
    throw invalid(name, 'place', `'${locator}' is no place in a request.`, "Write it like 'header:X-Name' or 'body:/id'.");
  }
  const pointer = /^(body|each):(?!\/|$)(.*)$/s.exec(locator);
  if (pointer !== null) throw invalid(name, 'place', `'${locator}' is no JSON Pointer.`, `Write '${pointer[1]}:/${pointer[2]}'.`);
  if (locator.startsWith('header:') && !isHeaderName(locator.slice('header:'.length).replace('{n}', '1'))) {
    throw invalid(name, 'place', `'${locator.slice('header:'.length)}' is not a header's name.`);
  }
}

/** What is said of each event of a batch needs the batch, and the other way round. */
function checkBatch({ name, batch }: ProviderDefinition, expressions: readonly string[]): void {
  const each = expressions.find((expression) => /(^|\{\??)each:/.test(expression));
  if (batch === undefined && each !== undefined) {
    throw invalid(
      name,
      'batch',
      `'${each}' is within each event, and nothing says where the events stand.`,
      "Add batch: 'body:/…'.",
    );
  }
  if (batch === undefined) return;
  checkLocator(name, batch);
  if (!batch.startsWith('body:')) throw invalid(name, 'batch', `'${batch}' is not in the body.`, "Write it like 'body:/events'.");
  if (each === undefined) throw invalid(name, 'batch', 'Nothing is read from its events.', "Write event: 'each:/type'.");
}

function defaultKey(kind: SchemeKind): KeyForm {
  return { encoding: kind === 'ed25519' || kind === 'ecdsa' || kind === 'rsa' ? 'base64' : 'utf8' };
}

function toleranceOf(name: string, definition: string | Tolerance | null | undefined): Scheme['tolerance'] {
  if (definition === undefined || definition === null) return { past: null, future: null };
  const { past, future, exact } = typeof definition === 'string' ? { past: definition, future: definition } : definition;
  const side = (text: string | null): number | null => (text === null ? null : durationOf(name, text, 'tolerance'));
  return { past: side(past), future: side(future), ...(exact === true ? { exact } : {}) };
}

function durationOf(name: string, text: string, what: string): number {
  try {
    return parseDuration(text, what);
  } catch (error) {
    throw invalid(name, what, messageOf(error), 'Write it like 500ms, 10s, 5m or 2h.');
  }
}

function checkPattern(name: string, word: string, pattern: string): void {
  try {
    new RegExp(pattern);
  } catch {
    throw invalid(name, word, `'${pattern}' is not a regular expression.`);
  }
}

function headerLocators(names: string | readonly string[] | undefined): Locator[] {
  return listOf(names).map((name): Locator => `header:${name}`);
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function invalid(name: string, word: string, why: string, hint?: string): WebhookError {
  return new WebhookError('provider_invalid', `Provider '${name}', ${word}: ${why}`, hint === undefined ? {} : { hint });
}
