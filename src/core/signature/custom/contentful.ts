import { type HeaderList, headerValues, withoutHeaders } from '../../http/headers.js';
import { decode } from '../encoding.js';
import { ageOutcome, headerText, hmac, sameText } from './common.js';
import type { CustomInput, CustomScheme } from './model.js';

/** The library refuses what is this old. Milliseconds. */
const MAX_AGE = 30_000;

/**
 * Contentful's request verification: HMAC-SHA256 in hex over method, path, the headers that `x-contentful-signed-headers` names and
 * the body, a line each. The timestamp (ms) is among those headers. The library refuses what is older than 30 s.
 *
 * Read in @contentful/node-apps-toolkit, src/requests/sign-request.ts and verify-request.ts.
 */
export const contentfulSignature: CustomScheme = {
  summary: 'HMAC-SHA256 over method, path, the signed headers and the body, a line each.',
  secret: { form: 'the signing secret of 64 characters', fits: (secret) => /^[0-9a-zA-Z+/=_-]{64}$/.test(secret) },
  maxAge: MAX_AGE,
  sign(input) {
    const own: HeaderList = withoutHeaders(input.headers, [SIGNATURE, SIGNED_HEADERS, TIMESTAMP]);
    const names = own.map(([name]) => name.toLowerCase()).filter((name) => name.startsWith('x-contentful-'));
    const signedHeaders = [...new Set([...names, SIGNED_HEADERS, TIMESTAMP])].sort().join(',');
    const beside: HeaderList = [
      [SIGNED_HEADERS, signedHeaders],
      [TIMESTAMP, String(input.now)],
    ];
    const content = contentOf({ ...input, headers: [...own, ...beside] }, signedHeaders);
    return { headers: [[SIGNATURE, hmac('sha256', input.secret, content).toString('hex')], ...beside] };
  },
  verify(input) {
    const signature = headerText(input.headers, SIGNATURE);
    if (signature === null) return 'absent';
    const signedHeaders = headerText(input.headers, SIGNED_HEADERS);
    const timestamp = headerText(input.headers, TIMESTAMP) ?? '';
    if (decode(signature, 'hex')?.length !== 32 || signedHeaders === null || !/^\d{1,16}$/.test(timestamp)) return 'malformed';
    const expected = hmac('sha256', input.secret, contentOf(input, signedHeaders)).toString('hex');
    // What is not signed may be set by anyone, the timestamp too.
    const covered = signedHeaders.split(',').includes(TIMESTAMP);
    if (!sameText(signature.toLowerCase(), expected) || !covered) return 'mismatch';
    const tolerance =
      input.tolerance === null ? { past: MAX_AGE - 1, future: null } : { past: input.tolerance, future: input.tolerance };
    return ageOutcome(Number(timestamp), input.now, tolerance);
  },
};

const SIGNATURE = 'x-contentful-signature';
const SIGNED_HEADERS = 'x-contentful-signed-headers';
const TIMESTAMP = 'x-contentful-timestamp';

function contentOf({ method, path, headers, body }: CustomInput, signedHeaders: string): Buffer {
  const names = signedHeaders.split(',', 200).sort();
  const lines = names.flatMap((name) => {
    const values = headerValues(headers, name);
    return values.length === 0 ? [] : [`${name}:${values.join(', ').trim()}`];
  });
  return Buffer.concat([Buffer.from(`${method}\n${normalized(path)}\n${lines.join(';')}\n`, 'latin1'), body]);
}

/** The path with its query escaped as a whole and then once more, as the library does. */
function normalized(path: string): string {
  const [pathname = '', search = ''] = path.replace(/#.*$/s, '').split('?');
  try {
    return encodeURI(search === '' ? pathname : `${pathname}?${encodeURIComponent(search)}`);
  } catch {
    return path;
  }
}
