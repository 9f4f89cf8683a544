import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'lob',
  title: 'Lob',
  docs: [
    'https://docs.lob.com/#tag/Webhooks',
    'https://help.lob.com/print-and-mail/getting-data-and-results/using-webhooks',
    'https://www.lob.com/resources/guides/general/webhooks',
  ],
  signature: {
    header: 'Lob-Signature',
    timestampHeader: 'Lob-Signature-Timestamp',
    // Public code has milliseconds more often than seconds, so those are sent, and both are understood.
    timestampUnit: ['ms', 's'],
    content: '{timestamp}.{body}',
    tolerance: '5m',
  },
  event: 'body:/event_type/id',
  eventId: 'body:/id',
  idFormat: 'evt_{hex:16}',
  sentAt: 'body:/date_created',
  // Other statuses are tried again; the schedule is not published.
  success: '2xx',
  events: {
    'postcard.created': 'A postcard was created',
    'postcard.rendered_pdf': 'The PDF of a postcard is there',
    'postcard.mailed': 'A postcard was handed to the post',
    'postcard.in_transit': 'A postcard is under way',
    'postcard.delivered': 'A postcard was delivered',
    'postcard.returned_to_sender': 'A postcard came back',
    'letter.created': 'A letter was created',
    'letter.mailed': 'A letter was handed to the post',
    'letter.delivered': 'A letter was delivered',
    'check.created': 'A check was created',
  },
  clues: { values: { 'body:/event_type/id': '^[a-z_]+\\.[a-z_]+$', 'body:/event_type/object': '^event_type$' } },
  confidence: 'medium',
  assumptions: [
    'The signature and its window of five minutes are known from many open code bases that agree; the page they stand on was not read.',
    'The unit of Lob-Signature-Timestamp is not published.',
  ],
  setup: 'Dashboard → Webhooks',
});

export default provider;
