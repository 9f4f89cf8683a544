import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CertificatesOptions, createCertificates } from '../../../../src/commands/shared/receive/certificates.js';
import { WebhookError } from '../../../../src/core/errors.js';
import type { HttpRequest } from '../../../../src/core/http/message.js';
import github from '../../../../src/core/providers/catalogue/github.js';
import paypal from '../../../../src/core/providers/catalogue/paypal.js';
import sns from '../../../../src/core/providers/catalogue/sns.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** What stands for a certificate: a public key verifies as one does. */
const PEM = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const URL_OF_IT = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-one.pem';
const CONTENT = 'Message\nhello\nMessageId\n1\nTimestamp\n2026\nTopicArn\narn\nType\nNotification\n';

function notification(address: unknown = URL_OF_IT): HttpRequest {
  const fields = { Type: 'Notification', MessageId: '1', TopicArn: 'arn', Message: 'hello', Timestamp: '2026' };
  const Signature = sign('sha256', Buffer.from(CONTENT), pair.privateKey).toString('base64');
  const body = Buffer.from(JSON.stringify({ ...fields, SignatureVersion: '2', Signature, SigningCertURL: address }));
  return { method: 'POST', path: '/', headers: [], body };
}

function certificates(over: Partial<CertificatesOptions> = {}) {
  const asked: string[] = [];
  const warnings: string[] = [];
  const made = createCertificates({
    providers: [github, sns, paypal],
    given: () => [],
    fetch: async (url) => {
      asked.push(url);
      return PEM;
    },
    now: () => 0,
    warn: ({ message }) => void warnings.push(message),
    ...over,
  });
  const verdict = (request: HttpRequest) =>
    verifySignature(sns, { ...request, secrets: made.secretsFor(sns), now: 0, url: null, tolerance: null }).status;
  return { ...made, asked, warnings, verdict };
}

describe('certificates that deliveries name', () => {
  it('are fetched once each, and verify what names them', async () => {
    const { prepare, asked, warnings, verdict } = certificates();
    await Promise.all([prepare(notification()), prepare(notification())]);
    await prepare(notification());
    expect(asked).toEqual([URL_OF_IT]);
    expect(verdict(notification())).toBe('valid');
    expect(warnings).toEqual([]);
  });

  it.each([
    ['http://sns.us-east-1.amazonaws.com/SimpleNotificationService-one.pem'],
    ['https://sns.us-east-1.amazonaws.com.evil.test/SimpleNotificationService-one.pem'],
    ['https://user@sns.us-east-1.amazonaws.com/SimpleNotificationService-one.pem'],
    ['https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-one.pem'],
    ['https://127.0.0.1/one.pem'],
    ['file:///etc/passwd'],
    ['nonsense'],
  ])('%s is not fetched, which is said once, and what names it is invalid', async (address) => {
    const { prepare, asked, warnings, verdict } = certificates();
    await prepare(notification(address));
    await prepare(notification(address));
    expect(asked).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('nothing was fetched')]);
    expect(verdict(notification(address))).toBe('invalid');
  });

  it('that cannot be had are asked for again after a minute, not before', async () => {
    let time = 0;
    const asked: string[] = [];
    const fetch = async (url: string): Promise<string> => {
      asked.push(url);
      if (asked.length === 1) throw new WebhookError('target_unreachable', 'It is away.');
      return PEM;
    };
    const { prepare, warnings, verdict } = certificates({ fetch, now: () => time });
    await prepare(notification());
    time = 59_999;
    await prepare(notification());
    expect([asked.length, warnings, verdict(notification())]).toEqual([1, ['It is away.'], 'invalid']);
    time = 60_000;
    await prepare(notification());
    expect([asked.length, verdict(notification())]).toEqual([2, 'valid']);
  });

  it('are few at once, and few are kept', async () => {
    const answers: Array<(pem: string) => void> = [];
    const { prepare, secretsFor } = certificates({ fetch: () => new Promise((resolve) => void answers.push(resolve)) });
    const numbered = (n: number) => notification(`https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${n}.pem`);
    const waiting = [1, 2, 3, 4, 5, 6].map((n) => prepare(numbered(n)));
    await Promise.all(waiting.slice(4));
    expect(answers).toHaveLength(4);
    answers.forEach((answer, index) => void answer(`pem ${index}`));
    await Promise.all(waiting);
    for (let n = 10; n < 20; n++) {
      const coming = prepare(numbered(n));
      answers.at(-1)?.(`pem ${n}`);
      await coming;
    }
    expect(secretsFor(sns)).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((n) => `pem ${n}`));
  });

  it('make the secret with what was given: the id of a PayPal webhook', async () => {
    const { prepare, secretsFor, asked } = certificates({
      given: (provider) => (provider === paypal ? ['8PT597110X687430L'] : []),
    });
    const headers = [['PayPal-Cert-Url', 'https://api.paypal.com/v1/notifications/certs/CERT-1']] as const;
    await prepare({ method: 'POST', path: '/', headers, body: Buffer.from('{}') });
    expect(asked).toEqual(['https://api.paypal.com/v1/notifications/certs/CERT-1']);
    expect(secretsFor(paypal)).toEqual(['8PT597110X687430L', `8PT597110X687430L\n${PEM}`]);
  });

  it('are nothing to providers without, and to requests that name none', async () => {
    const { prepare, secretsFor, asked, warnings } = certificates({ given: () => ['mine'] });
    for (const body of ['', '{', '[]', '{"SigningCertURL":5}']) {
      await prepare({ method: 'POST', path: '/', headers: [], body: Buffer.from(body) });
    }
    expect([asked, warnings, secretsFor(github), secretsFor(null)]).toEqual([[], [], ['mine'], ['mine']]);
  });
});
