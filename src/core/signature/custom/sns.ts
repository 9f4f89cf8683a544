import { WebhookError } from '../../errors.js';
import { parseJson } from '../../events/json-text.js';
import { decode } from '../encoding.js';
import { ageOutcome } from './common.js';
import type { CertificateSource, CustomScheme, UrlParts } from './model.js';
import { rsaSecret, rsaSign, rsaVerify } from './rsa.js';

/** Amazon's own hosts for SNS: what sns-validator 0.3.5 accepts as well. */
const SNS_HOST = /^sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?$/;

/** Whether an address is one of Amazon SNS itself. */
export function isSnsUrl(url: UrlParts): boolean {
  return url.protocol === 'https:' && url.port === '' && url.username === '' && SNS_HOST.test(url.hostname);
}

const certificate: CertificateSource = {
  locate: ({ body }) => textOf(parseJson(body), 'SigningCertURL') ?? textOf(parseJson(body), 'SigningCertUrl'),
  // The same hosts serve the API, which can be made to answer with texts of anybody's: only what certificates are called will do.
  trusts: (url) => isSnsUrl(url) && url.search === '' && /^\/SimpleNotificationService-[0-9a-z]+\.pem$/i.test(url.pathname),
  join: (pem) => pem,
};

/**
 * Amazon SNS: RSA over chosen fields of the body, named and parted by newlines; SHA-1 in SignatureVersion 1, SHA-256 in 2. The
 * signature stands in the body.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export const snsSignature: CustomScheme = {
  summary:
    'RSA (SignatureVersion 1: SHA-1, 2: SHA-256) over Message, MessageId, Subject, Timestamp, TopicArn, Type and their names.',
  secret: rsaSecret,
  certificate,
  // Fields it does not name, such as UnsubscribeURL, may change.
  coversBody: false,
  sign({ body, secret }) {
    const message = parseJson(body);
    const content = contentOf(message);
    const algorithm = algorithmOf(message);
    if (content === null || algorithm === null) {
      throw new WebhookError('signing_impossible', 'The body is no SNS message: it lacks a field that is signed.', {
        hint: 'It has Type, MessageId, TopicArn, Message, Timestamp and SignatureVersion 1 or 2.',
      });
    }
    const signature = rsaSign(algorithm, content, secret);
    if (signature === null) {
      throw new WebhookError('signing_impossible', 'A certificate or public key verifies; it cannot sign.', {
        hint: 'Make a key pair with: webhook keys sns',
      });
    }
    return { headers: [], edits: [['/Signature', JSON.stringify(signature.toString('base64'))]] };
  },
  verify({ body, secret, now, tolerance }) {
    const message = parseJson(body);
    const carried = textOf(message, 'Signature');
    if (carried === null) return 'absent';
    const signature = decode(carried, 'base64');
    const content = contentOf(message);
    const algorithm = algorithmOf(message);
    if (signature === null || content === null || algorithm === null) return 'malformed';
    const contents = [content, withoutToken(message)];
    if (!contents.some((text) => text !== null && rsaVerify(algorithm, text, secret, signature))) return 'mismatch';
    return ageOutcome(Date.parse(textOf(message, 'Timestamp') ?? ''), now, { past: tolerance, future: tolerance });
  },
};

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const UNSUBSCRIBED = CONFIRMATION.filter((name) => name !== 'Token');

/**
 * An UnsubscribeConfirmation as sns-validator 0.3.5 reads it. The documentation and Amazon's other libraries sign its Token as well,
 * which is what is sent here; either is understood.
 */
function withoutToken(message: unknown): string | null {
  return textOf(message, 'Type') === 'UnsubscribeConfirmation' ? contentOf(message, UNSUBSCRIBED) : null;
}

/** `Name\nvalue\n` of each field that is signed, in the order of their names; only Subject may be missing. */
function contentOf(message: unknown, names: readonly string[] = namesOf(message)): string | null {
  let content = '';
  for (const name of names) {
    const value = textOf(message, name);
    if (value !== null) content += `${name}\n${value}\n`;
    else if (name !== 'Subject') return null;
  }
  return content;
}

function namesOf(message: unknown): readonly string[] {
  return textOf(message, 'Type') === 'Notification' ? NOTIFICATION : CONFIRMATION;
}

function algorithmOf(message: unknown): 'sha1' | 'sha256' | null {
  const version = textOf(message, 'SignatureVersion');
  return version === '1' ? 'sha1' : version === '2' ? 'sha256' : null;
}

function textOf(message: unknown, name: string): string | null {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, name)) return null;
  const value: unknown = Reflect.get(message, name);
  return typeof value === 'string' ? value : null;
}
