/**
 * For tests: a receiver that stands in for an endpoint, and a sender that stands in for a provider. For vitest, jest, node:test
 * and any other runner. Both are closed by `close()`, or by `await using`.
 *
 * @example
 * import { createReceiver, createSender } from 'webhook-cli/testing';
 *
 * const receiver = await createReceiver({ provider: 'connect2print', secret: 'a secret' });
 * const sender = createSender({ provider: 'connect2print', secret: 'a secret', to: receiver.url });
 * const { status } = await sender.send('order.created', { set: { 'data.order.total': 12.5 } });
 * const { verdict, json } = await receiver.next({ event: 'order.created' });
 * assert.deepEqual([status, verdict.status, json.data.order.total], [200, 'valid', 12.5]);
 * await Promise.all([receiver.close(), sender.close()]);
 *
 * @packageDocumentation
 */

export { type ErrorCode, WebhookError } from '../core/errors.js';
export type { Corruption } from '../core/events/compose.js';
export type { Payloads } from './payloads.js';
export {
  createReceiver,
  type DeliveryOf,
  type NextOptions,
  type ReceivedDelivery,
  type Receiver,
  type ReceiverOptions,
} from './receiver.js';
export type { FullReply, Replier, Reply } from './replies.js';
export { createSender, type SendAnswer, type Sender, type SenderOptions, type SendOptions } from './sender.js';
export type { EventName, Payload, ProviderLike, ProviderName } from './types.js';
