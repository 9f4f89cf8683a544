import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/core/events/edits.js';
import { isSnsUrl, snsSignature } from '../../../../src/core/signature/custom/sns.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();

const notification = {
  Type: 'Notification',
  MessageId: '4d4dc071-ddbf-465d-bba8-08f81c89da64',
  TopicArn: 'arn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P',
  Subject: 'My subject',
  Message: 'My Test Message',
  Timestamp: '2019-01-31T04:37:04.321Z',
};
// The strings to sign that the Developer Guide gives, sns-verify-signature-of-message.
const NOTIFICATION =
  'Message\nMy Test Message\nMessageId\n4d4dc071-ddbf-465d-bba8-08f81c89da64\nSubject\nMy subject\nTimestamp\n2019-01-31T04:37:04.321Z\nTopicArn\narn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P\nType\nNotification\n';
const confirmation = {
  Type: 'SubscriptionConfirmation',
  MessageId: '3d891288-136d-417f-bc05-901c108273ee',
  Token: '233',
  TopicArn: 'arn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P',
  Message: 'My Test Message',
  SubscribeURL: 'https://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription',
  Timestamp: '2019-01-31T19:25:13.719Z',
};
const CONFIRMATION =
  'Message\nMy Test Message\nMessageId\n3d891288-136d-417f-bc05-901c108273ee\nSubscribeURL\nhttps://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription\nTimestamp\n2019-01-31T19:25:13.719Z\nToken\n233\nTopicArn\narn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P\nType\nSubscriptionConfirmation\n';

const base = { headers: [], url: null, path: '/', method: 'POST', now: 0, tolerance: null };
const verify = (message: unknown, secret = publicKey) =>
  snsSignature.verify({ ...base, body: Buffer.from(JSON.stringify(message)), secret });
const signatureOf = (digest: string, content: string): string =>
  sign(digest, Buffer.from(content), pair.privateKey).toString('base64');

describe('SNS', () => {
  it.each([
    ['1', 'sha1', notification, NOTIFICATION],
    ['2', 'sha256', notification, NOTIFICATION],
    ['2', 'sha256', confirmation, CONFIRMATION],
    ['1', 'sha1', { ...notification, Subject: undefined }, NOTIFICATION.replace('Subject\nMy subject\n', '')],
  ])('version %s: %s over the documented text', (SignatureVersion, digest, message, content) => {
    const whole = { ...message, SignatureVersion, Signature: signatureOf(digest, content) };
    expect(verify(whole)).toBe('valid');
    expect(verify({ ...whole, Message: 'My test message' })).toBe('mismatch');
    expect(verify({ ...whole, SignatureVersion: SignatureVersion === '1' ? '2' : '1' })).toBe('mismatch');
  });

  it('takes an UnsubscribeConfirmation with and without its Token, and nothing else so', () => {
    const unsubscribed = { ...confirmation, Type: 'UnsubscribeConfirmation', SignatureVersion: '2' };
    const content = CONFIRMATION.replace('SubscriptionConfirmation', 'UnsubscribeConfirmation');
    const without = (text: string): string => text.replace('Token\n233\n', '');
    expect(verify({ ...unsubscribed, Signature: signatureOf('sha256', content) })).toBe('valid');
    expect(verify({ ...unsubscribed, Signature: signatureOf('sha256', without(content)) })).toBe('valid');
    const subscribed = { ...confirmation, SignatureVersion: '2', Signature: signatureOf('sha256', without(CONFIRMATION)) };
    expect(verify(subscribed)).toBe('mismatch');
  });

  it('signs into the body what then verifies', () => {
    const body = Buffer.from(JSON.stringify({ ...notification, SignatureVersion: '2', Signature: 'EXAMPLE' }));
    const { edits = [] } = snsSignature.sign({ ...base, body, secret: privateKey, id: '' });
    const signed = applyEdits(
      body,
      edits.map(([path, json]) => ({ kind: 'set', path, json }) as const),
    );
    expect(snsSignature.verify({ ...base, body: signed, secret: publicKey })).toBe('valid');
    expect(() => snsSignature.sign({ ...base, body, secret: publicKey, id: '' })).toThrow(/cannot sign/);
    expect(() => snsSignature.sign({ ...base, body: Buffer.from('[]'), secret: privateKey, id: '' })).toThrow(/no SNS message/);
  });

  it('reads what comes from outside without a stumble', () => {
    for (const body of ['', '[]', 'null', '{"Type":1}', '{"a":{"Signature":"x"}}']) {
      expect(snsSignature.verify({ ...base, body: Buffer.from(body), secret: publicKey })).toBe('absent');
    }
    expect(verify({ ...notification, Signature: '!!', SignatureVersion: '1' })).toBe('malformed');
    expect(verify({ ...notification, Signature: 'AAAA', SignatureVersion: '3' })).toBe('malformed');
    expect(verify({ Signature: 'AAAA', SignatureVersion: '1' })).toBe('malformed');
    expect(snsSignature.secret?.fits('secret')).toBe(false);
    expect(snsSignature.secret?.fits(publicKey)).toBe(true);
  });

  it.each([
    ['https://sns.us-east-2.amazonaws.com/SimpleNotificationService-f3ecf.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-f3ecf.pem', true],
    ['https://sns.us-east-2.amazonaws.com/SimpleNotificationService-f3ecf.pem?Action=GetEndpointAttributes', false],
    ['https://sns.us-east-2.amazonaws.com/SimpleNotificationService-/x.pem', false],
    ['https://sns.us-east-2.amazonaws.com/a.pem', false],
    ['https://sns.us-east-2.amazonaws.com.evil.test/SimpleNotificationService-f3ecf.pem', false],
    ['https://evil.test/sns.us-east-2.amazonaws.com/SimpleNotificationService-f3ecf.pem', false],
    ['https://snsxus-east-2.amazonaws.com/SimpleNotificationService-f3ecf.pem', false],
    ['https://sns.us-east-2.amazonaws.com:8443/SimpleNotificationService-f3ecf.pem', false],
    ['https://sns.us-east-2.amazonaws.com@evil.test/SimpleNotificationService-f3ecf.pem', false],
    ['http://sns.us-east-2.amazonaws.com/SimpleNotificationService-f3ecf.pem', false],
    ['https://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription', false],
  ])('%s: its own certificate is %s', (text, expected) => {
    const url = new URL(text);
    expect(isSnsUrl(url) && (snsSignature.certificate?.trusts(url) ?? false)).toBe(expected);
  });

  it('says where its certificate is', () => {
    const located = (message: unknown) =>
      snsSignature.certificate?.locate({ headers: [], body: Buffer.from(JSON.stringify(message)) });
    expect(located({ SigningCertURL: 'https://a.test/x.pem' })).toBe('https://a.test/x.pem');
    // Lambda writes it so.
    expect(located({ SigningCertUrl: 'https://a.test/y.pem' })).toBe('https://a.test/y.pem');
    expect(located({})).toBeNull();
    expect(snsSignature.certificate?.join('PEM', null)).toBe('PEM');
  });
});
