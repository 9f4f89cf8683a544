/** Asks a provider's API for a test event: the request, and what its answer means. The API key goes into nothing else. */
import { WebhookError } from './errors.js';
import { headerValue } from './http/headers.js';
import type { HttpResponse, OutgoingRequest } from './http/message.js';
import { orList } from './nearest.js';
import type { Provider, TestEvent } from './providers/model.js';
import { retryAfter } from './retry.js';
import { formatDuration } from './units.js';

export interface TestEventInput {
  /** The webhook's id, as the provider's settings show it. */
  readonly id: string;
  readonly key: string;
  /** Where its API is in place of the published address: `https://staging.example.com`; null: there. */
  readonly apiUrl: string | null;
  readonly userAgent: string;
}

/**
 * What an API key is for; null where its provider's keys do not tell.
 *
 * @throws WebhookError `secret_malformed` where it is no key of this provider: it is not for others to see.
 */
export function keyKind({ title }: Provider, { keyPrefixes, keyVariable }: TestEvent, key: string): 'test' | 'live' | null {
  const problem = (what: string, hint: string): WebhookError => new WebhookError('secret_malformed', what, { hint });
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw problem('The API key has white space in it, or characters that no key has.', `Copy it again into ${keyVariable}.`);
  }
  if (keyPrefixes === undefined) return null;
  if (key.startsWith(keyPrefixes.live)) return 'live';
  if (key.startsWith(keyPrefixes.test)) return 'test';
  throw problem(
    `The API key is none of ${title}: it does not begin with ${orList(Object.values(keyPrefixes))}.`,
    `Is it a signing secret, or another service's key? ${keyVariable} takes the API key.`,
  );
}

/** @throws WebhookError `usage` where the id is none. */
export function testEventRequest({ method, url }: TestEvent, input: TestEventInput): OutgoingRequest {
  const { id, key, apiUrl, userAgent } = input;
  // A dot or two would lead to another address.
  if (id.trim() === '' || /^\.{1,2}$/.test(id)) {
    throw new WebhookError('usage', `'${id}' is not the id of a webhook.`, { hint: "The provider's settings show it." });
  }
  const own = new URL(url.replace('{id}', () => encodeURIComponent(id)));
  const path = `${own.pathname}${own.search}`;
  return {
    method,
    url: apiUrl === null ? own.href : `${apiUrl.replace(/\/+$/, '')}${path}`,
    headers: [
      ['Authorization', `Bearer ${key}`],
      ['Accept', 'application/json'],
      ['User-Agent', userAgent],
    ],
    body: new Uint8Array(0),
  };
}

/** Why an answer does not say that a test event was sent, with what to do; null: it does. */
export function testEventRefusal(
  { title, setup }: Provider,
  { keyVariable, scope, docs }: TestEvent,
  { id, key }: Pick<TestEventInput, 'id' | 'key'>,
  answer: HttpResponse,
  now: number,
): WebhookError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const problem = (what: string, hint: string): WebhookError => new WebhookError('expectation_failed', what, { hint });
  if (status === 401) {
    return problem(
      `${title} does not accept the API key (401).`,
      `It may have been revoked, or be another account's: make one anew and put it into ${keyVariable}. ${docs}`,
    );
  }
  if (status === 403) {
    const needs = scope === undefined ? 'It lacks a permission.' : `It needs the scope ${scope}.`;
    return problem(
      `The API key may not have test events sent (403). ${needs}`,
      `Give the key that permission, or take another one.`,
    );
  }
  if (status === 404) {
    const where = setup === null ? "the provider's settings" : setup;
    return problem(`${title} has no webhook '${id}' that this API key may see (404).`, `Look up its id: ${where}`);
  }
  if (status === 429) {
    const wait = retryAfter(answer.headers, now);
    return problem(
      `${title} has had too many requests of this API key (429).`,
      wait === null ? 'Try again in a minute.' : `Try again in ${formatDuration(wait)}.`,
    );
  }
  if (status >= 300 && status < 400) {
    const to = headerValue(answer.headers, 'location');
    return problem(
      `${title} answered with a redirect (${status}${to === null ? '' : ` to ${withoutKey(to, key)}`}), which is not followed: the API key goes to no other address.`,
      'If that is where its API is, give it with --api-url.',
    );
  }
  if (status >= 500) return problem(`${title} failed over it (${status}).`, 'That is not yours to mend; try again later.');
  const said = withoutKey(messageIn(answer), key);
  return problem(`${title} refused it (${status})${said === '' ? '.' : `: ${said}`}`, `What it takes: ${docs}`);
}

const MOST_SHOWN = 200;

/** What an API says in an error: the member most of them put it in; empty where there is none. */
function messageIn({ body }: HttpResponse): string {
  try {
    const { message, error } = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
    const said = [message, error, (error as { message?: unknown } | undefined)?.message].find((one) => typeof one === 'string');
    return typeof said === 'string' ? said.slice(0, MOST_SHOWN) : '';
  } catch {
    return '';
  }
}

function withoutKey(text: string, key: string): string {
  return text.replaceAll(key, '…').slice(0, MOST_SHOWN);
}
