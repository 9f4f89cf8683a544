import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// Facts are from the documentation; the signature is what webhooks.verifySignature of @mux/mux-node checks.
const provider: Provider = defineProvider({
  name: 'mux',
  title: 'Mux',
  docs: [
    'https://www.mux.com/docs/core/listen-for-webhooks',
    'https://www.mux.com/docs/core/verify-webhook-signatures',
    'https://github.com/muxinc/mux-node-sdk/blob/master/src/resources/webhooks.ts',
  ],
  signature: {
    header: 'Mux-Signature',
    separator: ',',
    prefix: 'v1=',
    timestamp: 'item:t=',
    content: '{timestamp}.{body}',
    tolerance: { past: '5m', future: null },
  },
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: '{uuid}',
  sentAt: 'body:/created_at',
  timeout: '5s',
  // `retries` is absent: for 24 hours, on a schedule that is not published.
  events: {
    'video.upload.asset_created': 'An upload became an asset',
    'video.asset.created': 'An asset was created and is being prepared',
    'video.asset.ready': 'An asset can be played',
    'video.asset.errored': 'An asset could not be prepared',
    'video.live_stream.active': 'A live stream is being broadcast',
  },
  confidence: 'high',
  assumptions: ['The timeout of 5 s is general knowledge, not checked anew.', 'The User-Agent is not published.'],
  setup: 'Dashboard → Settings → Webhooks',
});

export default provider;
