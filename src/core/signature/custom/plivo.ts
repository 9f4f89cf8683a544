import { decode } from '../encoding.js';
import { formFields } from '../params.js';
import { headerText, hmac, sameText, splitUrl, urlToSign } from './common.js';
import type { CustomInput, CustomOutcome, CustomScheme, CustomSigned } from './model.js';

/**
 * Plivo's V3 signature: HMAC-SHA256 in base64 over the URL with its query sorted, the sorted form fields, and a nonce. The header may
 * list several (one an auth token), and the `Ma` header carries the main account's.
 *
 * Read in plivo-node 4, lib/utils/v3Security.js.
 */
export const plivoV3Signature: CustomScheme = {
  summary: 'HMAC-SHA256 over the URL with sorted query, the sorted form fields and a nonce; several are parted by commas.',
  sign: (input) => signed('V3', v3Content(urlToSign(input), input), input.id, input.secret),
  verify: (input) => verified('V3', input, (url) => v3Content(url, input)),
};

/**
 * Plivo's V2 signature: HMAC-SHA256 in base64 over the URL without its query, and a nonce. The body is not covered, so that it is as
 * good as absent beside a V3 signature.
 *
 * Read in plivo-node 4, lib/utils/security.js.
 */
export const plivoV2Signature: CustomScheme = {
  summary: 'HMAC-SHA256 over the URL without its query and a nonce; the body is not covered.',
  coversBody: false,
  sign: (input) => signed('V2', v2Content(urlToSign(input)), input.id, input.secret),
  verify: (input) => (headerText(input.headers, 'X-Plivo-Signature-V3') === null ? verified('V2', input, v2Content) : 'absent'),
};

function signed(version: 'V2' | 'V3', content: string, nonce: string, secret: string): CustomSigned {
  return {
    headers: [
      [`X-Plivo-Signature-${version}`, hmac('sha256', secret, content + nonce).toString('base64')],
      [`X-Plivo-Signature-${version}-Nonce`, nonce],
    ],
  };
}

function verified(version: 'V2' | 'V3', input: CustomInput, contentOf: (url: string) => string): CustomOutcome {
  const lists = [`X-Plivo-Signature-${version}`, `X-Plivo-Signature-Ma-${version}`].map((name) =>
    headerText(input.headers, name),
  );
  const carried = lists.flatMap((list) => (list === null ? [] : list.split(',', 20).map((item) => item.trim())));
  const nonce = headerText(input.headers, `X-Plivo-Signature-${version}-Nonce`);
  if (carried.length === 0) return 'absent';
  if (nonce === null || !carried.some((item) => decode(item, 'base64')?.length === 32)) return 'malformed';
  if (input.url === null) return 'url_unknown';
  const expected = hmac('sha256', input.secret, contentOf(input.url) + nonce).toString('base64');
  return carried.map((item) => sameText(item, expected)).includes(true) ? 'valid' : 'mismatch';
}

function v2Content(url: string): string {
  const parts = splitUrl(url);
  return parts === null ? url : parts.origin + parts.path;
}

function v3Content(url: string, { body, method }: CustomInput): string {
  const { origin, path, query: search } = splitUrl(url) ?? { origin: url, path: '', query: '' };
  const query = sorted(search, '=').join('&');
  const fields = method === 'GET' ? '' : sorted(Buffer.from(body).toString('utf8'), '').join('');
  const mark = query === '' && fields === '' ? '' : '?';
  const dot = query !== '' && fields !== '' ? '.' : '';
  return `${origin}${path}${mark}${query}${dot}${fields}.`;
}

/** Fields sorted by name, and by value where a name stands several times; values as they are meant, not as they are encoded. */
function sorted(text: string, between: string): string[] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of formFields(text)) byName.set(name, [...(byName.get(name) ?? []), value]);
  return [...byName.keys()].sort().flatMap((name) => (byName.get(name) ?? []).sort().map((value) => name + between + value));
}
