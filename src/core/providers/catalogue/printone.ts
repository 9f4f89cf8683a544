import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the help page and the official SDK (print-one-js 1.4.0) under `docs`.
const provider: Provider = defineProvider({
  name: 'printone',
  title: 'Print.one',
  docs: ['https://help.print.one/api/webhooks', 'https://github.com/Print-one/print-one-js'],
  // SDK `isValidWebhook`: HMAC-SHA256 of the body in padded base64. The second name is what it was called before SDK 1.4.0.
  signature: {
    header: ['x-webhook-hmac-sha256', 'x-printone-hmac-sha256'],
    algorithm: 'sha256',
    encoding: 'base64',
    content: '{body}',
  },
  event: ['body:/event', 'header:x-webhook-event', 'header:x-printone-event'],
  // A delivery has no id of its own. These three together are the same for a repeated delivery and differ between two changes.
  eventId: '{body:/data/id}:{body:/event}:{body:/created_at}',
  fresh: { 'body:/data/id': '{stem}{base62:21}' },
  sentAt: 'body:/created_at',
  sentAtFormat: 'iso',
  headers: [['x-webhook-event', '{event}']],
  userAgent: 'Print.one Webhook Service',
  contentType: 'application/json',
  timeout: '30s',
  // `retries` is absent: a failed delivery is logged; no schedule is published.
  events: {
    order_status_update: 'The status of an order changed',
    batch_status_update: 'The status of a batch changed',
    template_preview_rendered: 'The preview of a template was rendered',
    coupon_code_used: 'A coupon code was used',
  },
  // Others send an x-webhook-hmac-sha256 too (in hex); the envelope is what tells this one from them.
  clues: {
    userAgent: 'Print.one Webhook Service',
    values: { 'body:/event': '^[a-z]+(_[a-z]+)+$', 'body:/created_at': '^\\d{4}-\\d{2}-\\d{2}T', 'body:/data/id': '.' },
  },
  confidence: 'high',
  assumptions: [
    'The header x-webhook-event is inferred: SDK 1.4.0 renamed the x-printone-… headers to x-webhook-…, but names only the signature.',
    'A repeated delivery keeps its created_at, which serves for telling duplicates; no delivery id is published.',
    'Any 2xx status counts as delivered; the documentation asks for a quick answer and names no status.',
    'The time stands in created_at, as in the SDK’s own test vectors; its types say createdAt.',
  ],
  setup: 'Integrate → Webhooks',
});

export default provider;
