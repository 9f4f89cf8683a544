import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Connect with JSON messages (SIM, eventData version restv2.1).
const provider: Provider = defineProvider({
  name: 'docusign',
  title: 'Docusign',
  docs: [
    'https://developers.docusign.com/platform/webhooks/connect/validate/',
    'https://developers.docusign.com/platform/webhooks/connect/event-triggers/',
  ],
  // One header for each active key, -1 to -100; any of them may match.
  signature: { header: 'X-DocuSign-Signature-{n}', encoding: 'base64' },
  event: 'body:/event',
  // A delivery has no id of its own; these three are the same for a repeated one (retryCount counts the tries).
  eventId: '{body:/event}:{body:/data/envelopeId}:{body:/generatedDateTime}',
  fresh: {
    'body:/data/envelopeId': '{uuid}',
    'body:/data/envelopeSummary/envelopeId': '{body:/data/envelopeId}',
    'body:/data/envelopeSummary/documentsUri': '/envelopes/{body:/data/envelopeId}/documents',
    'body:/uri': '{stem}{body:/data/envelopeId}',
  },
  sentAt: 'body:/generatedDateTime',
  sentAtFormat: '{date}T{time}.{ms}0000Z',
  headers: [
    ['X-Authorization-Digest', 'HMACSHA256'],
    ['X-DocuSign-AccountId', '{body:/data/accountId}'],
  ],
  contentType: 'application/json; charset=utf-8',
  // `retries` is absent: from about 5 minutes on, doubling, for up to 15 days.
  events: {
    'envelope-sent': 'An envelope was sent to its recipients',
    'envelope-delivered': 'All recipients opened an envelope',
    'envelope-completed': 'Everybody signed',
    'envelope-voided': 'The sender withdrew an envelope',
    'recipient-completed': 'One recipient signed',
  },
  confidence: 'medium',
  assumptions: [
    'A repeated delivery keeps its generatedDateTime, which serves for telling duplicates.',
    'The timeout and the User-Agent are not published.',
  ],
  setup: 'Settings → Connect → Connect Keys',
});

export default provider;
