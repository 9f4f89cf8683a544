import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (adyen-node-api-library, `hmacValidator.validateHMACSignature`) has it.
const provider: Provider = defineProvider({
  name: 'adyen-platform',
  title: 'Adyen (platforms and management)',
  docs: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    'https://docs.adyen.com/development-resources/webhooks/troubleshoot',
    'https://docs.adyen.com/api-explorer/balanceplatform-webhooks/latest/overview',
  ],
  // The whole body, with the HMAC key decoded from hex.
  signature: { header: 'HmacSignature', encoding: 'base64', key: { encoding: 'hex' } },
  event: 'body:/type',
  // `eventId` is absent: a delivery has no id that stands in every type.
  sentAt: 'body:/timestamp',
  sentAtFormat: '{date}T{time}+00:00',
  headers: [['Protocol', 'HmacSHA256']],
  contentType: 'application/json; charset=utf-8',
  timeout: '10s',
  success: '2xx',
  retries: ['9s', '9s', '9s', '2m', '5m', '10m', '15m', '30m', '1h', '2h', '4h', '8h'],
  events: {
    'balancePlatform.accountHolder.created': 'An account holder was created',
    'balancePlatform.balanceAccount.created': 'A balance account was created',
    'balancePlatform.transfer.created': 'Money is about to be transferred',
  },
  confidence: 'high',
  assumptions: [
    'Retries are documented for webhooks of any kind; after the last of these they go on every 8 hours for up to 30 days.',
  ],
  setup: 'Balance Platform Customer Area → Developers → Webhooks',
});

export default provider;
