/** Deliveries that come from files: exported ones (.json) and HTTP messages (.http). */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Delivery } from '../../core/delivery/delivery.js';
import { deliveryFromJson } from '../../core/delivery/json.js';
import { parseRawRequest } from '../../core/delivery/raw.js';
import { WebhookError } from '../../core/errors.js';
import { unchecked } from '../../core/signature/verify.js';

/** True where an argument names a file that can hold a delivery, rather than an id. */
export async function isDeliveryFile(argument: string, cwd: string): Promise<boolean> {
  return /\.(json|http)$/i.test(argument) || (/[\\/]/.test(argument) && (await isFile(resolve(cwd, argument))));
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** @throws WebhookError `input_unreadable`, or `input_malformed` where the file holds neither form. */
export async function readDeliveryFile(path: string, context: Context): Promise<Delivery> {
  const { readInput } = await import('../../io/files.js');
  const bytes = await readInput(path, context.stdin, { cwd: context.cwd });
  const delivery = exportedDelivery(bytes) ?? (isHttpMessage(bytes) ? fromHttpMessage(bytes, context.now()) : null);
  if (delivery !== null) return delivery;
  throw new WebhookError('input_malformed', `${path} is neither an exported delivery nor an HTTP message.`, {
    hint: "An .http file begins like 'POST /webhooks HTTP/1.1'; an exported delivery comes from webhook show --json.",
  });
}

/** A file that looks like an HTTP request, whatever its name. */
export function isHttpMessage(bytes: Uint8Array): boolean {
  return /^[A-Z]{3,10} \S+ HTTP\/1\.[01]\r?\n/.test(Buffer.from(bytes.subarray(0, 8_192)).toString('latin1'));
}

/** A delivery that was exported; null where the bytes are something else. Any JSON may be a body: only what has a delivery's id and request is one. */
export function exportedDelivery(bytes: Uint8Array): Delivery | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
  const candidate = value as { id?: unknown; request?: unknown } | null;
  if (typeof candidate?.id !== 'string' || !candidate.id.startsWith('dlv_') || candidate.request === undefined) return null;
  return deliveryFromJson(value);
}

/** A message as a delivery that nobody has looked at yet. */
export function fromHttpMessage(bytes: Uint8Array, now: number): Delivery {
  const { method, path, headers, body } = parseRawRequest(bytes);
  return {
    id: '',
    origin: 'imported',
    receivedAt: now,
    provider: null,
    event: null,
    eventId: null,
    duplicateOf: null,
    request: { method, path, headers, body },
    verdict: unchecked('unknown_provider', 'It was read from a file.'),
    response: null,
    attempts: [],
  };
}
