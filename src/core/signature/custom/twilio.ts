import { isFormType } from '../../http/media.js';
import { decode, encode } from '../encoding.js';
import { sortedParams } from '../params.js';
import { digest, headerText, hmac, sameText, splitUrl, urlToSign } from './common.js';
import type { CustomScheme } from './model.js';

/**
 * Twilio's `X-Twilio-Signature`: HMAC-SHA1 in base64 over the URL and the sorted fields of a form body. A body that is no form is
 * covered by its SHA-256 in the query parameter `bodySHA256`, which is then part of the URL that is signed.
 *
 * Read in twilio-node 5, src/webhooks/webhooks.ts: the URL counts with and without its default port, and with its query encoded
 * anew, since senders differ.
 */
export const twilioSignature: CustomScheme = {
  summary: 'HMAC-SHA1 over the URL and the sorted form fields; another body is covered by bodySHA256 in the URL.',
  sign(input) {
    const given = urlToSign(input);
    const form = input.body.length === 0 || isFormType(headerText(input.headers, 'content-type'));
    const url = form || bodyHash(given) !== null ? given : withBodyHash(given, digest('sha256', input.body).toString('hex'));
    const signature = encode(hmac('sha1', input.secret, contentOf(url, input.body)), 'base64');
    return { headers: [[HEADER, signature]], url };
  },
  verify(input) {
    const carried = headerText(input.headers, HEADER);
    if (carried === null) return 'absent';
    const signature = decode(carried.trim(), 'base64');
    if (signature?.length !== 20) return 'malformed';
    if (input.url === null) return 'url_unknown';
    const wanted = encode(signature, 'base64');
    const claimed = bodyHash(input.url);
    const bodyMatches = claimed === null || sameText(claimed.toLowerCase(), digest('sha256', input.body).toString('hex'));
    const signatureMatches = spellings(input.url)
      .map((url) => sameText(encode(hmac('sha1', input.secret, contentOf(url, input.body)), 'base64'), wanted))
      .includes(true);
    return bodyMatches && signatureMatches ? 'valid' : 'mismatch';
  },
};

const HEADER = 'X-Twilio-Signature';

function contentOf(url: string, body: Uint8Array): string {
  return bodyHash(url) === null ? url + sortedParams(body) : url;
}

function bodyHash(url: string): string | null {
  return new URLSearchParams(splitUrl(url)?.query ?? '').get('bodySHA256');
}

function withBodyHash(url: string, hash: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
}

/** The URL as it was given, as a URL parser spells it, with its default port, and each of these with the query encoded anew. */
function spellings(url: string): string[] {
  const parts = splitUrl(url);
  if (parts === null || !URL.canParse(url)) return [url];
  const parsed = new URL(url);
  const host = `${parsed.protocol}//${parsed.host}`;
  const rest = parsed.pathname + parsed.search;
  const port = parsed.protocol === 'https:' ? ':443' : ':80';
  const spelled = [
    url,
    host + rest,
    ...(parsed.port === '' ? [host + port + rest] : [`${parsed.protocol}//${parsed.hostname}${rest}`]),
  ];
  const query = encodedAnew(parts.query);
  const again = spelled.map((one) => (parts.query === '' ? one : `${splitUrl(one)?.origin}${splitUrl(one)?.path}?${query}`));
  return [...new Set([...spelled, ...again])];
}

function encodedAnew(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
    .replaceAll("'", '%27');
}
