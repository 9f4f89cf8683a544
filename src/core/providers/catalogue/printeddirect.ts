import { defineProvider } from '../define.js';
import type { Provider, SchemeDefinition } from '../model.js';

const common = { header: 'X-Signature', encoding: 'hex' } as const satisfies SchemeDefinition;

const provider: Provider = defineProvider({
  name: 'printeddirect',
  title: 'PrintedDirect',
  docs: ['https://developer.printeddirect.com/webhooks/overview', 'https://developer.printeddirect.com/webhooks/actions'],
  // The page says SHA-256, and its example computes SHA-1: what the example accepts is sent, and both are accepted.
  signature: [
    { ...common, id: 'sha1', algorithm: 'sha1' },
    { ...common, id: 'sha256', algorithm: 'sha256', sends: false },
  ],
  event: 'body:/action',
  eventId: 'body:/id',
  idFormat: '{uuid}',
  sentAt: 'body:/created_at/iso',
  sentAtFormat: '{date}T{time}+00:00',
  timeout: '10s',
  // Other statuses are tried again "after some time"; 429 makes it wait.
  success: '2xx',
  events: {
    'job.status.transition': 'The status of a job changed',
    'job_batch.status.transition': 'The status of a batch of jobs changed',
  },
  allEvents: 'https://developer.printeddirect.com/webhooks/actions',
  // Lemon Squeezy and Tebex send an X-Signature too.
  clues: { values: { 'body:/action': '^[a-z_]+\\.[a-z_.]+$', 'body:/created_at/iso': '^\\d{4}-' } },
  confidence: 'medium',
  assumptions: [
    'The documented example signs JSON.stringify(req.body); the raw body is signed here, which is the same for the compact JSON it sends.',
    'Only the two actions that the documentation describes are listed; there may be more.',
  ],
  setup: 'Hub → Settings → Webhooks',
});

export default provider;
