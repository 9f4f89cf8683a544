import { generateKeyPairSync } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { expect, it } from 'vitest';
import { headerValue } from '../../../../src/core/http/headers.js';
import { identify } from '../../../../src/core/providers/batch.js';
import sendgrid from '../../../../src/core/providers/catalogue/sendgrid.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { verifySignature } from '../../../../src/core/signature/verify.js';
import { NOW } from '../../signature/schemes.js';
import { sampleRequest } from '../samples.js';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const verificationKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

it('SendGrid’s own library verifies what we sign, with the key as its settings show it, and so do we', async () => {
  const request = await sampleRequest(sendgrid, 'delivered', { secrets: [privateKey] });
  const text = Buffer.from(request.body).toString('utf8');
  const signature = String(headerValue(request.headers, 'X-Twilio-Email-Event-Webhook-Signature'));
  const timestamp = String(headerValue(request.headers, 'X-Twilio-Email-Event-Webhook-Timestamp'));
  const library = new EventWebhook();
  const key = library.convertPublicKeyToECDSA(verificationKey);
  expect(library.verifySignature(key, text, signature, timestamp)).toBe(true);
  expect(library.verifySignature(key, `${text}\r\n`, signature, timestamp)).toBe(false);
  expect(verifySignature(sendgrid, { ...request, secrets: [verificationKey], now: NOW }).status).toBe('valid');
});

it('names every event of a batch', () => {
  const body = Buffer.from('[{"event":"delivered","sg_event_id":"a"},\r\n{"event":"open","sg_event_id":"b"}]\r\n');
  expect(identify(sendgrid, new RequestReader({ headers: [], body, path: '/' }))).toMatchObject({
    event: 'delivered, open',
    eventId: 'a, b',
  });
});
