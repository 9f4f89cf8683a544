import type { Attempt } from './delivery/delivery.js';
import type { OutgoingRequest } from './http/message.js';

/** Hands a request to a target. It never throws for what the network does. */
export type Send = (request: OutgoingRequest, options: { readonly timeoutMs: number }) => Promise<SendOutcome>;

type Unaddressed<T> = T extends unknown ? Omit<T, 'target' | 'replay'> : never;
export type SendOutcome = Unaddressed<Attempt>;
