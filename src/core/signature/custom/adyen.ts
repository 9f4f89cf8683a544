import { WebhookError } from '../../errors.js';
import { readPointer } from '../../events/json-pointer.js';
import { parseJson } from '../../events/json-text.js';
import { decode } from '../encoding.js';
import { hmac, sameText } from './common.js';
import type { CustomScheme } from './model.js';

/**
 * Adyen's payment notifications: each item of the batch carries its own HMAC-SHA256 in base64 over eight of its values, parted by
 * colons that are not escaped. The other values of an item are not covered. Every item has to match.
 *
 * Read in @adyen/api-library, src/utils/hmacValidator.ts.
 */
export const adyenItemsSignature: CustomScheme = {
  summary:
    'HMAC-SHA256 of each item over pspReference:originalReference:merchantAccountCode:merchantReference:value:currency:eventCode:success.',
  secret: { form: 'hex', fits: (secret) => (decode(secret, 'hex')?.length ?? 0) > 0 },
  coversBody: false,
  sign({ body, secret }) {
    const key = decode(secret, 'hex');
    const items = itemsOf(parseJson(body));
    if (items === null || key === null) {
      throw new WebhookError('signing_impossible', 'The body has no notificationItems to sign.', {
        hint: 'Each is {"NotificationRequestItem": {"pspReference": …, "eventCode": …}}.',
      });
    }
    return {
      headers: [],
      edits: items.map((item, index) => [
        `/notificationItems/${index}/NotificationRequestItem${SIGNATURE}`,
        JSON.stringify(hmac('sha256', key, contentOf(item)).toString('base64')),
      ]),
    };
  },
  verify({ body, secret }) {
    const key = decode(secret, 'hex');
    const items = itemsOf(parseJson(body));
    if (items === null) return 'absent';
    const carried = items.map((item) => readPointer(item, SIGNATURE));
    if (carried.every((signature) => signature === undefined)) return 'absent';
    if (carried.some((signature) => typeof signature !== 'string' || decode(signature, 'base64')?.length !== 32))
      return 'malformed';
    const matches = items.map(
      (item, index) => key !== null && sameText(hmac('sha256', key, contentOf(item)).toString('base64'), String(carried[index])),
    );
    return matches.includes(false) ? 'mismatch' : 'valid';
  },
};

const SIGNATURE = '/additionalData/hmacSignature';
/** Adyen sends one to six; a body does not get to ask for many more. */
const MOST_ITEMS = 1_000;

/** The items of a notification; null where there are none, or too many to be one. */
function itemsOf(value: unknown): unknown[] | null {
  const list = readPointer(value, '/notificationItems');
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_ITEMS) return null;
  return list.map((entry) => readPointer(entry, '/NotificationRequestItem'));
}

function contentOf(item: unknown): string {
  return SIGNED.map((pointer) => {
    const value = readPointer(item, pointer);
    return value === undefined || value === null ? '' : String(value);
  }).join(':');
}

const SIGNED = [
  '/pspReference',
  '/originalReference',
  '/merchantAccountCode',
  '/merchantReference',
  '/amount/value',
  '/amount/currency',
  '/eventCode',
  '/success',
];
