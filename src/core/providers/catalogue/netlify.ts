import { digest } from '../../signature/custom/common.js';
import { jwtSignature } from '../../signature/custom/jwt.js';
import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Outgoing webhooks (HTTP POST requests) of a project.
const provider: Provider = defineProvider({
  name: 'netlify',
  title: 'Netlify',
  docs: ['https://docs.netlify.com/deploy/deploy-notifications/#payload-signature'],
  signature: {
    // The second is what it was called before.
    header: ['X-Webhook-Signature', 'X-Nf-Sign'],
    encoding: 'text',
    custom: jwtSignature({
      summary: 'A token (JWS, HS256) that Netlify issued, with the SHA-256 of the body in hex as its claim sha256.',
      header: ['X-Webhook-Signature', 'X-Nf-Sign'],
      algorithms: ['HS256'],
      claims: ({ body }) => ({ iss: 'netlify', sha256: digest('sha256', body).toString('hex') }),
    }),
  },
  event: 'header:X-Netlify-Event',
  // A delivery has no id of its own; these three are the same for a repeated one.
  eventId: '{header:X-Netlify-Event}:{body:/id}:{body:/updated_at}',
  fresh: { 'body:/id': '{hex:24}' },
  sentAt: 'body:/updated_at',
  headers: [['X-Netlify-Event', '{event}']],
  events: {
    deploy_building: 'A deploy began to build',
    deploy_created: 'A deploy succeeded',
    deploy_failed: 'A deploy failed',
    deploy_locked: 'A project was locked to its published deploy',
  },
  // Others send an X-Webhook-Signature too; this one is a token.
  clues: { values: { 'body:/site_id': '^[0-9a-f-]{36}$', 'body:/deploy_ssl_url': '^https://' } },
  confidence: 'medium',
  assumptions: [
    'A repeated delivery keeps its updated_at, which serves for telling duplicates; no delivery id is published.',
    'The names of events, as X-Netlify-Event has them, are from public code.',
    'Timeout, retries and User-Agent are not published.',
  ],
  setup: 'Project configuration → Notifications → HTTP POST request',
});

export default provider;
