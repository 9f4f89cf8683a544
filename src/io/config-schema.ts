/** What a config file may say: every key once, with what it takes. */
import type { ApiConfig, ConfigProvider, ConfigScheme, ListenConfig, RetainConfig, WebhookConfig } from '../core/config.js';
import type { Locator } from '../core/providers/locator.js';
import type { Clues, KeyForm, ProviderDefinition, Tolerance, UnsignedRequests } from '../core/providers/model.js';
import { parseDuration, parseSize } from '../core/units.js';
import {
  compiles,
  either,
  type Fields,
  flag,
  list,
  matching,
  object,
  oneOf,
  oneOrMore,
  type Reader,
  record,
  text,
  textOrEmpty,
  whole,
  wrong,
} from './config-reader.js';

const duration = text("a duration such as '5m' or '10s'", (value) => parseDuration(value));
const size = either(
  whole(1),
  (value) => typeof value === 'number',
  text("a size such as '25mb'", (value) => parseSize(value)),
);
const locator = matching<Locator>(
  /^(?:(?:header|query|form|item):.+|body:(?:\/.*)?)$/s,
  "a place such as 'header:X-Name', 'body:/id', 'query:name', 'form:name' or 'item:t='",
);
const headerName = matching<string>(/^[!#$%&'*+.^_`|~0-9A-Za-z{}-]+$/, "a header's name");
const isText = (value: unknown): boolean => typeof value === 'string';
/** A reader for what may also be null. */
const orNull = <T>(read: Reader<T>): Reader<T | null> =>
  either<null, T>(
    () => null,
    (value) => value === null,
    read,
  );

/** Text that is not expanded yet: a secret is asked for only by the commands that need one. */
const secretAs =
  (expected: string): Reader<string> =>
  (value, place) => {
    if (typeof value !== 'string') throw wrong(place, expected, value, undefined, true);
    return value;
  };

const listen: Reader<ListenConfig> = object<ListenConfig>({
  port: whole(0, 65_535),
  host: text(),
  path: matching(/^\//, "a path that begins with '/'"),
  forwardTo: oneOrMore(text('a URL')),
  routes: record(text('a URL')),
  events: oneOrMore(text("patterns such as 'order.*'")),
  maxBody: size,
  respond: whole(200, 599),
  respondBody: textOrEmpty,
  allowInvalid: flag,
  print: oneOrMore(
    matching(
      /^(headers|body|response|none)(\s*,\s*(headers|body|response|none))*$/,
      "any of 'headers', 'body', 'response', or 'none'",
    ),
  ),
  ordered: flag,
  concurrency: whole(1),
  tunnel: either(text("true, or a driver's name"), isText, flag),
  tunnelHost: text(),
  subdomain: text(),
  publicUrl: text('a URL'),
  verifyToken: oneOrMore(text()),
});

const keyForm: Reader<KeyForm> = (value, place) => {
  const form = object<Partial<KeyForm>>({
    encoding: oneOf('utf8', 'hex', 'base64'),
    prefix: textOrEmpty,
    required: flag,
    forbidden: flag,
  })(value, place);
  return { ...form, encoding: form.encoding ?? 'utf8' };
};

const tolerance: Reader<string | Tolerance | null> = orNull(
  either(duration, isText, (value, place) => {
    const sides = object<Partial<Tolerance>>({ past: orNull(duration), future: orNull(duration), exact: flag })(value, place);
    return { ...sides, past: sides.past ?? null, future: sides.future ?? null };
  }),
);

const scheme: Reader<ConfigScheme> = object<ConfigScheme>({
  id: text(),
  kind: oneOf('hmac', 'hash', 'token', 'ed25519', 'ecdsa', 'rsa'),
  algorithm: oneOf('sha1', 'sha256', 'sha384', 'sha512'),
  header: oneOrMore(headerName),
  at: oneOrMore(locator),
  encoding: oneOf('hex', 'hex-upper', 'base64', 'base64url', 'text'),
  prefix: textOrEmpty,
  separator: text(),
  repeated: flag,
  content: text(),
  key: oneOrMore(keyForm),
  timestamp: oneOrMore(locator),
  timestampHeader: oneOrMore(headerName),
  timestampUnit: oneOrMore(oneOf('s', 'ms', 'iso')),
  messageId: oneOrMore(locator),
  idHeader: oneOrMore(headerName),
  tolerance,
  sends: flag,
  sentWith: text('a header name'),
});

const clues: Reader<Clues> = object<Clues>({
  headers: list(headerName),
  absent: list(headerName),
  userAgent: text(),
  values: record(
    text('a regular expression', compiles),
    /^(header|query|form|body|item):/,
    "a place such as 'header:X-Name' or 'body:/id'",
  ),
});

const headerPair: Reader<readonly [string, string]> = (value, place) => {
  const [name, content, ...rest] = list(text())(value, place);
  if (name === undefined || content === undefined || rest.length > 0) throw wrong(place, "a pair ['Name', 'value']", value);
  return [name, content];
};

const testEvent: Reader<NonNullable<ProviderDefinition['testEvent']>> = (value, place) => {
  const fields = object<Partial<NonNullable<ProviderDefinition['testEvent']>>>({
    method: text(),
    url: text("an absolute URL with '{id}' in it", (value) => new URL(value)),
    keyVariable: text(),
    keyPrefixes: (given, where) => {
      const { test, live } = object<{ test?: string; live?: string }>({ test: text(), live: text() })(given, where);
      if (test === undefined || live === undefined) throw wrong(where, 'an object with test and live', given);
      return { test, live };
    },
    scope: text(),
    docs: text(),
  })(value, place);
  const { method = 'POST', url, keyVariable, docs = '', ...more } = fields;
  if (url === undefined || keyVariable === undefined) throw wrong(place, 'an object with url and keyVariable', value);
  return { ...more, method, url, keyVariable, docs };
};

const unsigned: Reader<UnsignedRequests> = (value, place) => {
  const { body, why } = object<Partial<UnsignedRequests>>({ body: text('a regular expression'), why: text('a sentence') })(
    value,
    place,
  );
  if (body === undefined || why === undefined) throw wrong(place, 'an object with body and why', value);
  return { body, why };
};

const provider: Reader<ConfigProvider> = object<ConfigProvider>({
  title: text(),
  docs: oneOrMore(text('a URL')),
  signature: oneOrMore(scheme),
  unsigned,
  event: oneOrMore(text("a place such as 'body:/type'")),
  eventId: oneOrMore(text("a place such as 'body:/id'")),
  batch: locator,
  idFormat: text(),
  secretFormat: text(),
  sentAt: locator,
  sentAtFormat: oneOrMore(
    matching(/^(iso|iso-s|s|ms)$|\{date\}/, "'iso', 'iso-s', 's', 'ms', or a template such as '{date} {time}'"),
  ),
  fresh: record(text("a spelling such as '{hex:32}'")),
  headers: list(headerPair),
  userAgent: text(),
  contentType: text(),
  timeout: duration,
  success: matching(/^[1-5](xx|\d\d)(\s*,\s*[1-5](xx|\d\d))*$/, "statuses such as '2xx' or '200,204'"),
  retries: list(duration),
  events: record(text('a line about the event')),
  clues,
  hidden: list(locator),
  assumptions: list(text()),
  setup: text(),
  testEvent,
});

const api: Reader<ApiConfig> = object<ApiConfig>({ url: text('a URL'), key: secretAs('text') });

const fields: Fields<WebhookConfig> = {
  provider: text("a provider's name"),
  secret: oneOrMore(secretAs('text, or a list of texts')),
  to: text('a URL'),
  store: text('a path'),
  fixtures: text('a path'),
  tolerance: duration,
  timeout: duration,
  listen,
  providers: record(provider, /^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  api: record(api, /^[a-z0-9][a-z0-9-]*$/, "a provider's name"),
  retain: object<RetainConfig>({ days: whole(0), count: whole(0), bytes: size }),
};

/** Checks a whole config and expands its `${…}`, secrets aside. Throws `config_invalid` and `config_env_missing`. */
export const readWebhookConfig: Reader<WebhookConfig> = (value, place) => {
  // `$schema` is what editors look for; it says nothing to us.
  const { $schema: _, ...config } = object<WebhookConfig & { readonly $schema?: string }>({ ...fields, $schema: text() })(
    value,
    place,
  );
  return config;
};
