import { generateKeyPairSync } from 'node:crypto';
import { verifyKey } from 'discord-interactions';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../../../../src/core/http/headers.js';
import discord from '../../../../src/core/providers/catalogue/discord.js';
import { RequestReader } from '../../../../src/core/providers/read.js';
import { sampleRequest } from '../samples.js';

it('Discord’s own library verifies what we sign, with the public key as the developer portal shows it', async () => {
  const pair = generateKeyPairSync('ed25519');
  const secret = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const { headers, body } = await sampleRequest(discord, 'APPLICATION_COMMAND', { secrets: [secret] });
  const signature = String(headerValue(headers, 'X-Signature-Ed25519'));
  const timestamp = String(headerValue(headers, 'X-Signature-Timestamp'));
  expect(await verifyKey(Buffer.from(body), signature, timestamp, publicKey)).toBe(true);
  expect(await verifyKey(Buffer.from(body), signature, `${timestamp}0`, publicKey)).toBe(false);
});

describe('the event', () => {
  const eventOf = (body: string): string | null =>
    new RequestReader({ headers: [], body: Buffer.from(body), path: '/' }).evaluate(discord.event);
  it.each([
    ['{"type":1,"token":"t"}', 'PING'],
    ['{"type":0,"version":1}', 'PING'],
    ['{"type":2}', 'APPLICATION_COMMAND'],
    ['{"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}', 'ENTITLEMENT_CREATE'],
    ['{"type":9}', null],
  ])('%s', (body, event) => expect(eventOf(body)).toBe(event));
});
