import { defineProvider } from '../define.js';
import type { Provider } from '../model.js';

// The signature is as the official SDK (stripe-node, `webhooks.constructEvent`) has it.
const provider: Provider = defineProvider({
  name: 'stripe',
  title: 'Stripe',
  docs: ['https://docs.stripe.com/webhooks', 'https://github.com/stripe/stripe-node'],
  // t=…,v1=…[,v1=…]: two v1 while a secret rolls. v0 comes with test events and counts for nothing.
  signature: {
    header: 'Stripe-Signature',
    separator: ',',
    prefix: 'v1=',
    timestamp: 'item:t=',
    content: '{timestamp}.{body}',
    // The key is the whole text, whsec_ included. The SDK refuses what is older than 300 s, and minds no future timestamp.
    tolerance: { past: '5m', future: null },
  },
  // Thin events (object "v2.core.event") are signed and named the same way; they spell their time in ISO 8601 and hold no object.
  event: 'body:/type',
  eventId: 'body:/id',
  idFormat: 'evt_{base62:24}',
  secretFormat: 'whsec_{base62:32}',
  sentAt: 'body:/created',
  sentAtFormat: ['s', 'iso'],
  headers: [
    ['Accept', '*/*; q=0.5, application/xml'],
    ['Cache-Control', 'no-cache'],
  ],
  userAgent: 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  contentType: 'application/json; charset=utf-8',
  success: '2xx',
  // `timeout` is absent: the documentation asks for a quick answer and names no number.
  // `retries` is absent: with exponential backoff for up to three days (three times in a few hours in a sandbox), at times that are not published.
  events: {
    'customer.created': 'A customer was created',
    'customer.updated': 'A property of a customer changed',
    'payment_method.attached': 'A payment method was attached to a customer',
    'checkout.session.completed': 'A Checkout session was completed',
    'checkout.session.expired': 'A Checkout session expired without being completed',
    'payment_intent.succeeded': 'A payment succeeded',
    'payment_intent.payment_failed': 'An attempt to pay failed',
    'charge.succeeded': 'A charge succeeded',
    'charge.refunded': 'A charge was refunded, partly or in full',
    'charge.dispute.created': 'A customer disputed a charge with their bank',
    'customer.subscription.created': 'A customer was signed up for a plan',
    'customer.subscription.updated': 'A subscription changed',
    'customer.subscription.trial_will_end': 'A trial ends in three days',
    'customer.subscription.deleted': 'A subscription ended',
    'invoice.finalized': 'A draft invoice was finalized and is open',
    'invoice.paid': 'An invoice was paid',
    'invoice.payment_failed': 'An attempt to pay an invoice failed',
    'payout.paid': 'A payout is expected to be in the bank account',
    'v2.core.event_destination.ping': 'Somebody tries an event destination (a thin event)',
    'v1.billing.meter.no_meter_found': 'Usage was reported to a meter that is not there (a thin event)',
  },
  clues: { userAgent: 'Stripe/' },
  assumptions: ['The User-Agent, Accept and Cache-Control are those that deliveries are seen with; they are not published.'],
  confidence: 'high',
  setup: 'Workbench → Webhooks → Add destination',
});

export default provider;
