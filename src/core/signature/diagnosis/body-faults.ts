/** What may have happened to the bytes on their way, other than being parsed as JSON. */
import { headerValue } from '../../http/headers.js';
import { RAW_BODY } from './raw-body.js';
import type { Subject, Trial } from './trial.js';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const PASTE =
  'Save bodies with a tool that adds nothing (curl --data-binary, webhook show --body); an editor, echo or a paste adds or drops line ends.';

export function* bodyFaults({ input }: Subject): Generator<Trial> {
  const body = Buffer.from(input.body.buffer, input.body.byteOffset, input.body.byteLength);
  const trial = (code: Trial['code'], changed: Uint8Array, message: string, hint: string): Trial => ({
    code,
    message,
    hint,
    input: { body: changed },
  });

  if (body.length > 0) {
    yield trial(
      'empty_body',
      Buffer.alloc(0),
      'The signature is that of an empty body: the sender signed nothing, or the body was lost before it was signed.',
      'A redirect drops the body, and a stream can be read only once: look for a redirect (http to https, a trailing slash) or for middleware that consumed it.',
    );
  }
  for (const [end, name] of [
    ['\r\n', 'CRLF'],
    ['\n', 'LF'],
  ] as const) {
    yield trial(
      'trailing_newline',
      Buffer.concat([body, Buffer.from(end)]),
      `A newline (${name}) at the end of the signed body is missing here.`,
      PASTE,
    );
    if (body.toString('latin1').endsWith(end)) {
      yield trial(
        'trailing_newline',
        body.subarray(0, body.length - end.length),
        `There is a newline (${name}) at the end that was not signed.`,
        PASTE,
      );
    }
  }
  const text = body.toString('latin1');
  if (text.includes('\n')) {
    const lf = text.replaceAll('\r\n', '\n');
    yield trial(
      'line_endings',
      Buffer.from(lf.replaceAll('\n', '\r\n'), 'latin1'),
      'The body was signed with CRLF line ends; here they are LF.',
      PASTE,
    );
    yield trial('line_endings', Buffer.from(lf, 'latin1'), 'The body was signed with LF line ends; here they are CRLF.', PASTE);
  }
  yield body.subarray(0, 3).equals(BOM)
    ? trial('byte_order_mark', body.subarray(3), 'A byte order mark (EF BB BF) stands before the body and was not signed.', PASTE)
    : trial(
        'byte_order_mark',
        Buffer.concat([BOM, body]),
        'The signed body begins with a byte order mark (EF BB BF), which is missing here.',
        PASTE,
      );

  yield* encodings(body, text, trial);
  yield* wrappings(body, text, trial);
}

type Make = (code: Trial['code'], changed: Uint8Array, message: string, hint: string) => Trial;

function* encodings(body: Buffer, latin1: string, trial: Make): Generator<Trial> {
  if (!/[\x80-\xff]/.test(latin1) && !latin1.includes('?')) return;
  const fix = `Hash the bytes, never text that was decoded from them. ${RAW_BODY}`;
  const utf8 = body.toString('utf8');
  yield trial(
    'text_encoding',
    Buffer.from(latin1, 'utf8'),
    'The sender signed UTF-8 that had been read as Latin-1 and encoded again.',
    fix,
  );
  yield trial(
    'text_encoding',
    Buffer.from(utf8, 'latin1'),
    'The body was read as Latin-1 and encoded again as UTF-8; the sender signed it before that.',
    fix,
  );
  yield trial(
    'text_encoding',
    Buffer.from(utf8.replace(/[^\0-\x7f]/gu, '?'), 'latin1'),
    'The sender signed the text as ASCII, with ? for every other character.',
    fix,
  );
}

function* wrappings(body: Buffer, text: string, trial: Make): Generator<Trial> {
  const form = 'Sign and verify the whole form body as it is sent, and decode it only afterwards.';
  if (/^payload=/.test(text)) {
    const decoded = new URLSearchParams(body.toString('utf8')).get('payload') ?? '';
    yield trial(
      'form_wrapped',
      Buffer.from(decoded),
      'The signature is that of the JSON inside payload=, not of the form around it.',
      form,
    );
  } else if (/^\s*[[{]/.test(text)) {
    const value = body.toString('utf8');
    const wraps = [`payload=${encodeURIComponent(value)}`, new URLSearchParams({ payload: value }).toString()];
    for (const wrapped of wraps) {
      yield trial(
        'form_wrapped',
        Buffer.from(wrapped),
        'The sender signed a form, payload=<this body, URL-encoded>; here it was taken out of the form.',
        form,
      );
    }
  }
  const gateway =
    'A gateway (AWS API Gateway, for one) passes bodies on as base64: decode it before verifying (isBase64Encoded).';
  const trimmed = text.trim();
  if (trimmed.length > 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(trimmed) && trimmed.length % 4 === 0) {
    yield trial('base64_wrapped', Buffer.from(trimmed, 'base64'), 'The body is base64 of what was signed.', gateway);
  }
  yield trial('base64_wrapped', Buffer.from(body.toString('base64')), 'The sender signed base64 of this body.', gateway);
}

/** A capture that lost bytes shows in the Content-Length that came with it; there is nothing to recompute. */
export function lengthMismatch({ input }: Subject): Trial | null {
  const said = headerValue(input.headers, 'content-length');
  if (said === null || !/^\d+$/.test(said) || Number(said) === input.body.length) return null;
  const difference = Number(said) - input.body.length;
  const count = Math.abs(difference) === 1 ? '1 byte is' : `${Math.abs(difference)} bytes are`;
  return {
    code: 'length_mismatch',
    message:
      difference > 0
        ? `${count} missing: Content-Length says ${said}, and the body has ${input.body.length}. It was trimmed, or saved again.`
        : `${count} too many: Content-Length says ${said}, and the body has ${input.body.length}. It was reformatted, or something was added.`,
    hint: 'Save the body byte for byte: curl --data-binary, webhook show --body, or an HTTP message (.http).',
  };
}
