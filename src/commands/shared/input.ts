/** Tells files from ids, and deliveries from bodies. */
import { resolve } from 'node:path';
import type { Delivery } from '../../core/delivery/delivery.js';
import { deliveryFromJson } from '../../core/delivery/json.js';
import { exists } from '../../io/project.js';

/**
 * True where an argument names a file that can hold deliveries, or a folder of such, rather than an id. What could be an id, as
 * this program makes them, is one.
 */
export function isDeliveryFile(argument: string, cwd: string): boolean {
  if (/\.(json|ndjson|jsonl|har|http|sh)$/i.test(argument)) return true;
  if (argument === '' || /^(last(:.*)?|(dlv_)?[0-9a-hjkmnp-tv-z]+)$/i.test(argument)) return false;
  return exists(resolve(cwd, argument));
}

/** A delivery that was exported; null where the bytes are something else. Any JSON may be a body: only what has a delivery's id and request is one. */
export function exportedDelivery(bytes: Uint8Array): Delivery | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
  // An export of one is a list of one.
  if (Array.isArray(value) && value.length === 1) [value] = value;
  const candidate = value as { id?: unknown; request?: unknown } | null;
  if (typeof candidate?.id !== 'string' || !candidate.id.startsWith('dlv_') || candidate.request === undefined) return null;
  return deliveryFromJson(value);
}
