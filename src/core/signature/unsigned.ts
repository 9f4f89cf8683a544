/** Requests that a provider sends without a signature, though it signs others. */
import type { Provider } from '../providers/model.js';

/** They are short: an id to ask for. */
const MOST_BYTES = 1_000;

/** Whether a body is one of those that this provider never signs. */
export function isUnsigned({ unsigned }: Pick<Provider, 'unsigned'>, body: Uint8Array): boolean {
  if (unsigned === null || body.length > MOST_BYTES) return false;
  return new RegExp(`^(?:${unsigned.body})$`).test(Buffer.from(body).toString('latin1'));
}
