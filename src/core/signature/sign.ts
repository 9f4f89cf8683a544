import { WebhookError } from '../errors.js';
import { type HeaderList, headerValue, textToHeader, withoutHeaders } from '../http/headers.js';
import { isFormType } from '../http/media.js';
import type { Locator } from '../providers/locator.js';
import type { Provider, Scheme } from '../providers/model.js';
import { RequestReader } from '../providers/read.js';
import { secretVariable } from '../providers/variable.js';
import { carriesSeveral, readBeside, writeSignatures } from './carrier.js';
import { computeSignature } from './compute.js';
import { pathOf, signedContent } from './content.js';
import type { CustomSignInput } from './custom/model.js';
import { encode } from './encoding.js';
import { fitsScheme } from './keys.js';
import { writeTimestamp } from './timestamp.js';

export interface SignInput {
  /** Headers the request has already: a timestamp or id among them is used as it is. */
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** During a rotation, several: where the scheme can carry several signatures, each signs; else the first. */
  readonly secrets: readonly string[];
  /** The id for schemes that sign one and do not find it in the body. */
  readonly id: string;
  /** When it is said to be signed: Unix time in milliseconds. */
  readonly timestamp: number;
  readonly method?: string;
  /** The absolute URL it goes to, for schemes that sign it. */
  readonly url?: string | null;
  /** Reads this request, where there is one that does already. */
  readonly reader?: RequestReader;
}

export interface Signed {
  /** The headers to add: signatures, and timestamp and id where the request lacked them. */
  readonly headers: HeaderList;
  /** Where a signature stands in the body: pointer (or the form's field) and the JSON text to put there. */
  readonly edits: ReadonlyArray<readonly [pointer: string, json: string]>;
  /** The URL it has to be sent to, where signing adds to it; null: the one it was signed for. */
  readonly url: string | null;
}

/**
 * Signs a request as the provider would.
 *
 * @throws WebhookError `signing_impossible` where no scheme can sign with the secrets (a public key, a scheme without signature),
 *   or where the scheme signs something the request lacks, such as the URL.
 */
export function signRequest(provider: Provider, input: SignInput): Signed {
  const headers: Array<readonly [string, string]> = [];
  const edits: Array<readonly [string, string]> = [];
  const add = (name: string, value: string): void => {
    const own = headers.findIndex(([key]) => key.toLowerCase() === name.toLowerCase());
    // Two schemes of one provider may share a header (v1 and v1a): their items stand in one list.
    const scheme =
      own < 0 ? undefined : provider.schemes.find(({ at, separator }) => separator !== null && at[0] === `header:${name}`);
    const before = headers[own]?.[1];
    if (scheme?.separator != null && before !== undefined) headers[own] = [name, joinItems(before, value, scheme.separator)];
    else headers.push([name, value]);
  };
  let signed = 0;
  let url: string | null = null;
  for (const scheme of schemesToSend(provider, input.headers)) {
    const usable = input.secrets.filter((secret) => fitsScheme(scheme, secret));
    const secrets = carriesSeveral(scheme) ? usable : usable.slice(0, 1);
    if (secrets.length === 0) continue;
    if (scheme.custom !== null) {
      const made = scheme.custom.sign({ ...customInput(input), secret: secrets[0] as string });
      for (const [name, value] of made.headers) add(name, value);
      edits.push(...(made.edits ?? []));
      url = made.url ?? url;
      signed++;
      continue;
    }
    const made = signScheme(scheme, secrets, input);
    if (made === null) continue;
    signed++;
    for (const [name, value] of made.beside) if (headerValue(headers, name) === null) headers.push([name, value]);
    for (const [name, value] of made.headers) scheme.repeated ? headers.push([name, value]) : add(name, value);
    edits.push(...made.edits);
  }
  if (signed === 0) throw cannotSign(provider, input.secrets);
  return { headers, edits, url };
}

/** Two lists as one; what both hold (the timestamp) stands once. */
function joinItems(before: string, value: string, separator: string): string {
  const known = new Set(before.split(separator));
  return [before, ...value.split(separator).filter((item) => !known.has(item))].join(separator);
}

/** Those that belong with the headers that are there; else those that ask for none. */
function schemesToSend({ schemes }: Provider, headers: HeaderList): readonly Scheme[] {
  const sent = schemes.filter(({ sends }) => sends);
  const called = sent.filter(({ sentWith }) => sentWith !== null && headerValue(headers, sentWith) !== null);
  return called.length > 0 ? called : sent.filter(({ sentWith }) => sentWith === null);
}

function signScheme(
  scheme: Scheme,
  secrets: readonly string[],
  input: SignInput,
): { headers: HeaderList; beside: HeaderList; edits: Signed['edits'] } | null {
  const beside: Array<readonly [string, string]> = [];
  const { headers, body, url = null } = input;
  const reader = input.reader ?? new RequestReader({ headers, body, path: url ?? '/' });
  const supply = (locators: readonly Locator[], fresh: string): string | null => {
    const own = locators.find((locator) => locator.startsWith('header:') || locator.startsWith('item:'));
    const given = readBeside(locators, reader, []);
    if (given !== null || own === undefined) return given;
    if (own.startsWith('header:')) beside.push([own.slice('header:'.length), textToHeader(fresh)]);
    return fresh;
  };
  const timestamp = supply(scheme.timestamp, writeTimestamp(input.timestamp, scheme.timestampUnits[0] ?? 's'));
  const id = supply(scheme.messageId, input.id);
  const signatures: string[] = [];
  for (const secret of secrets) {
    const values = { timestamp, id, url: input.url ?? null, method: input.method ?? 'POST', secret };
    const { pieces, missing } = signedContent(scheme, reader, values);
    if (missing.length > 0) {
      throw new WebhookError('signing_impossible', `The signature covers ${missing.join(' and ')}, and the request has none.`, {
        hint: missing.includes('url')
          ? 'Say which URL the provider was given: --url https://…'
          : 'Check the payload against the provider’s documentation.',
      });
    }
    const bytes = computeSignature(scheme, pieces, secret);
    if (bytes !== null) signatures.push(encode(bytes, scheme.encoding));
  }
  if (signatures.length === 0) return null;
  if (scheme.at[0]?.startsWith('header:')) return { headers: writeSignatures(scheme, signatures, timestamp), beside, edits: [] };
  // Of JSON and of a form: the first place that such a body has.
  const own = isFormType(headerValue(input.headers, 'content-type')) ? 'form:' : 'body:';
  const at = scheme.at.find((place) => place.startsWith(own) || !/^(body|form):/.test(place)) ?? scheme.at[0] ?? '';
  if (at.startsWith('header:')) return { headers: writeSignatures(scheme, signatures, timestamp), beside, edits: [] };
  if (!at.startsWith(own)) {
    throw new WebhookError('signing_impossible', `A signature in ${at} cannot be written by this program.`);
  }
  return { headers: [], beside, edits: [[at.slice(at.indexOf(':') + 1), JSON.stringify(scheme.prefix + signatures[0])]] };
}

/** Every header a signature of this provider stands in, its timestamp included: what a new signature replaces, and what is redacted. */
export function signatureHeaderNames(provider: Pick<Provider, 'schemes'>): string[] {
  const names = new Set<string>();
  for (const scheme of provider.schemes) {
    for (const locator of [...scheme.at, ...scheme.timestamp]) {
      if (!locator.startsWith('header:')) continue;
      const name = locator.slice('header:'.length);
      if (name.includes('{n}')) for (let n = 1; n <= 100; n++) names.add(name.replace('{n}', String(n)));
      else names.add(name);
    }
  }
  return [...names];
}

/** The headers without anything a signature of this provider put there. */
export function withoutSignature(provider: Provider, headers: HeaderList): HeaderList {
  return withoutHeaders(headers, signatureHeaderNames(provider));
}

function customInput(input: SignInput): Omit<CustomSignInput, 'secret'> {
  const url = input.url ?? null;
  return {
    headers: input.headers,
    body: input.body,
    url,
    path: pathOf(url ?? '/'),
    method: input.method ?? 'POST',
    now: input.timestamp,
    id: input.id,
  };
}

/** Why nothing can be signed for a provider with these secrets, and what to do about it. */
export function cannotSign(provider: Provider, secrets: readonly string[]): WebhookError {
  if (provider.schemes.length === 0) {
    return new WebhookError('signing_impossible', `${provider.title} does not sign its deliveries.`, {
      hint: 'Send it without a secret.',
    });
  }
  if (secrets.length === 0) {
    return new WebhookError('secret_missing', 'There is no secret to sign with.', {
      hint: `Set ${secretVariable(provider.name)} in the environment, or pass --secret.`,
    });
  }
  return new WebhookError(
    'signing_impossible',
    `The secret cannot sign for ${provider.title}: it is of another form, or a public key.`,
    {
      hint: 'A public key verifies; to sign, the private one is needed.',
    },
  );
}
