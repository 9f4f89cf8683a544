/** What deliveries have in common that other programs recorded. */
import { createHash } from 'node:crypto';
import { unchecked } from '../signature/verify.js';
import type { Delivery } from './delivery.js';
import { createIdSource } from './id.js';

/** A delivery that nobody has looked at yet: whose it is, and whether it is genuine, is not known. */
export function imported(known: Pick<Delivery, 'id' | 'receivedAt' | 'request'> & Partial<Delivery>): Delivery {
  return {
    origin: 'imported',
    provider: null,
    event: null,
    eventId: null,
    duplicateOf: null,
    verdict: unchecked('unknown_provider', 'It was imported, and its signature was not checked.'),
    response: null,
    attempts: [],
    ...known,
  };
}

/**
 * An id of that time (Unix milliseconds), its random part made of the content: what is imported twice has the same id, and
 * so is kept once.
 */
export function contentId(time: number, content: Uint8Array): string {
  const digest = createHash('sha256').update(content).digest();
  const next = createIdSource(
    () => time,
    (size) => digest.subarray(0, size),
  );
  return next();
}
