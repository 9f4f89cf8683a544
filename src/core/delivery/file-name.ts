import type { Delivery } from './delivery.js';

const LONGEST = 60;

/**
 * The name of a delivery's file: its id, so that files sort by time and no two share one, and its event, so that a person
 * finds it. Whatever the event is called, the name is a plain one that stays in its folder.
 *
 * @example fileNameOf(delivery, 'json') // 'dlv_01JD3V…-order.created.json'
 */
export function fileNameOf({ id, event }: Pick<Delivery, 'id' | 'event'>, extension: string): string {
  const stem = [id, event ?? ''].map(plainName).filter((name) => name !== '');
  return `${stem.join('-') || 'delivery'}.${extension}`;
}

function plainName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/\.{2,}/g, '.');
  return plain.slice(0, LONGEST).replace(/^[.-]+|[.-]+$/g, '');
}
