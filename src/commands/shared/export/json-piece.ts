/** Deliveries in JSON, as they are exported. */
import type { Delivery } from '../../../core/delivery/delivery.js';
import { JsonBytes } from '../../../core/delivery/json-bytes.js';
import { writeDelivery } from '../../../core/delivery/json-text.js';
import { safeJson } from '../../../render/terminal.js';

/** `line`: a line of NDJSON. `item`: one of a list. `whole`: a document of its own. */
export type JsonLayout = 'line' | 'item' | 'whole';

const AROUND = {
  line: { layout: 'line', start: '', end: '\n' },
  item: { layout: 'item', start: '  ', end: '' },
  whole: { layout: 'lines', start: '', end: '\n' },
} as const;
/** What a page mostly has. */
const PAGE_BYTES = 1_048_576;
/** What stands between two. */
export const BETWEEN: Readonly<Record<'line' | 'item', string>> = { line: '', item: ',\n' };

/** Writes deliveries; what is written next takes the place of what was. */
export function pieceWriter(kind: JsonLayout): (delivery: Delivery) => Uint8Array {
  const out = new JsonBytes(AROUND[kind].layout, safeJson);
  return (delivery) => {
    write(out, delivery, kind);
    return out.take();
  };
}

/** Several together. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly deliveries: number;
}

/** Writes pages of them, with what stands between two; the next takes the place of the last. */
export function pageWriter(kind: keyof typeof BETWEEN): (deliveries: readonly Delivery[]) => Page {
  const out = new JsonBytes(AROUND[kind].layout, safeJson, PAGE_BYTES);
  return (deliveries) => {
    deliveries.forEach((delivery, at) => {
      if (at > 0) out.literal(BETWEEN[kind]);
      write(out, delivery, kind);
    });
    return { bytes: out.take(), deliveries: deliveries.length };
  };
}

function write(out: JsonBytes, delivery: Delivery, kind: JsonLayout): void {
  out.literal(AROUND[kind].start);
  writeDelivery(out, delivery);
  out.literal(AROUND[kind].end);
}
