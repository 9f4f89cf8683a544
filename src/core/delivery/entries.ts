/** Tells what an item of a file is: a delivery of our own, or a request that another program recorded. */
import { WebhookError } from '../errors.js';
import type { Delivery } from './delivery.js';
import { deliveryFromHar, isHarEntry } from './har.js';
import { deliveryFromJson } from './json.js';
import { deliveryFromNgrok, isNgrokRequest } from './ngrok.js';

/** Where the deliveries stand in a document: it is a list of them, an HTTP Archive, or an answer of ngrok's API. */
export const LISTS: readonly string[] = ['', 'log.entries', 'requests'];

/**
 * Reads an item: an exported delivery (or a line of `--json` that holds one), an entry of an HTTP Archive, or a request that
 * ngrok recorded. Null for what a `--json` output says beside its deliveries.
 *
 * @param item JSON in UTF-8.
 * @throws WebhookError `input_malformed` where it is none of these, or a damaged one.
 */
export function readEntry(item: Uint8Array): Delivery | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('utf8'));
  } catch (error) {
    throw new WebhookError('input_malformed', 'It is not JSON.', { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw unknown();
  const inner = 'delivery' in value ? value.delivery : value;
  if (typeof inner === 'object' && inner !== null && 'id' in inner && 'request' in inner && 'verdict' in inner)
    return deliveryFromJson(inner);
  if (isHarEntry(value)) return deliveryFromHar(value, item);
  if (isNgrokRequest(value)) return deliveryFromNgrok(value, item);
  if ('type' in value && OTHER_RECORDS.some((type) => type === value.type)) return null;
  throw unknown();
}

/** What `listen --json` and `trigger --json` print beside deliveries. */
const OTHER_RECORDS = ['ready', 'tunnel', 'warning', 'summary'];

function unknown(): WebhookError {
  return new WebhookError('input_malformed', 'It is neither a delivery nor a request that another program recorded.', {
    hint: "Deliveries come from 'webhook export', HTTP Archives (HAR) from browsers and proxies.",
  });
}
