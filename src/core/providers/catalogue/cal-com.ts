import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

const provider: Provider = defineProvider({
  name: 'cal-com',
  title: 'Cal.com',
  docs: [
    'https://cal.com/docs/developing/guides/automation/webhooks',
    'https://github.com/calcom/cal.com/blob/main/packages/features/webhooks/lib/sendPayload.ts',
  ],
  signature: { header: 'X-Cal-Signature-256' },
  event: 'body:/triggerEvent',
  // A delivery has no id of its own; these three are the same for a repeated one.
  eventId: ['{body:/triggerEvent}:{body:/payload/uid}:{body:/createdAt}'],
  fresh: { 'body:/payload/uid': '{base62:22}' },
  sentAt: 'body:/createdAt',
  events: {
    BOOKING_CREATED: 'Somebody booked an event',
    BOOKING_RESCHEDULED: 'A booking was moved',
    BOOKING_CANCELLED: 'A booking was cancelled',
    MEETING_ENDED: 'A booked meeting is over',
  },
  confidence: 'medium',
  assumptions: ['Timeout, retries and User-Agent are not published.'],
  setup: 'Settings → Developer → Webhooks',
});

export default provider;
