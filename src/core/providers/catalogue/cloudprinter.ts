import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// CloudSignal, Cloudprinter.com's webhooks. The official SDK (@cloudprinter/cloudsignal) compares body.apikey and nothing else.
const provider: Provider = defineProvider({
  name: 'cloudprinter',
  title: 'Cloudprinter.com (CloudSignal)',
  docs: [
    'https://docs.cloudprinter.com/client/cloudsignal-webhooks-v2-0',
    'https://github.com/cloudprintercom/cloudsignal-nodejs-sdk',
  ],
  // The key of the webhook, which is another than that of the account, stands in the body. The rest of the body is not covered.
  signature: { kind: 'token', at: 'body:/apikey' },
  event: 'body:/type',
  // A signal has no id of its own; an item goes through each type once at a time.
  eventId: ['{body:/type}:{body:/item}:{body:/datetime}', '{body:/type}:{body:/order}:{body:/datetime}'],
  fresh: { 'body:/order': '1{digits:11}', 'body:/item': '1{digits:11}' },
  sentAt: 'body:/datetime',
  sentAtFormat: '{date}T{time}+00:00',
  success: '200,204',
  // `retries` is absent: up to 100 tries in 7 days, at intervals that are not published.
  events: {
    CloudprinterOrderValidated: 'An order was validated',
    CloudprinterOrderCanceled: 'An order was canceled',
    ItemValidated: 'An item was validated',
    ItemProduce: 'The production of an item began',
    ItemProduced: 'An item was produced',
    ItemPacked: 'An item was packed',
    ItemShipped: 'An item was shipped',
    ItemError: 'An item could not be produced',
    ItemCanceled: 'An item was canceled',
  },
  clues: {
    values: {
      'body:/type': '^(CloudprinterOrder|Item)[A-Z][a-z]+$',
      'body:/order': '.',
      'body:/datetime': '^\\d{4}-\\d\\d-\\d\\dT',
    },
  },
  confidence: 'high',
  assumptions: ['Statuses and retries are as Hookdeck’s webhook-skills cite them from the documentation.'],
  setup: 'Dashboard → CloudSignal',
});

export default provider;
