/**
 * How those who follow Standard Webhooks sign, each of whom says only what it does in another way.
 *
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import type { SchemeDefinition } from './model.js';

/** Under the names of the specification. */
export const standardScheme: SchemeDefinition = {
  id: 'v1',
  kind: 'hmac',
  algorithm: 'sha256',
  header: 'webhook-signature',
  timestampHeader: 'webhook-timestamp',
  idHeader: 'webhook-id',
  content: '{id}.{timestamp}.{body}',
  encoding: 'base64',
  prefix: 'v1,',
  separator: ' ',
  key: { encoding: 'base64', prefix: 'whsec_' },
  tolerance: '5m',
};

/** Under the older names, which Svix and those built on it send. */
export const svixScheme: SchemeDefinition = {
  ...standardScheme,
  header: 'svix-signature',
  timestampHeader: 'svix-timestamp',
  idHeader: 'svix-id',
};

/** When Svix tries again. https://docs.svix.com/retries */
export const svixRetries: readonly string[] = ['5s', '5m', '30m', '2h', '5h', '10h', '10h'];

/** The same with a key pair: a private key is base64 of seed and public key (64 bytes), a public one of 32 bytes. */
export function withKeyPair(scheme: SchemeDefinition): SchemeDefinition {
  return {
    ...scheme,
    id: 'v1a',
    kind: 'ed25519',
    prefix: 'v1a,',
    key: [
      { encoding: 'base64', prefix: 'whsk_', required: true },
      { encoding: 'base64', prefix: 'whpk_', required: true },
    ],
  };
}
