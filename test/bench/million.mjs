/**
 * A store with very many deliveries, for `npm run bench -- store`: as an app receives them over weeks, of several providers
 * and some twenty event types. The program makes the store, from a delivery it imports; the rest is written past it, a
 * thousand rows a statement: a million in half a minute.
 *
 * `node test/bench/million.mjs <file> [count]`
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Database from 'libsql';
import { here, program, run } from './tools.mjs';

/** When the oldest one came in, and how long after it the next ones did, in milliseconds. */
const BEGAN = Date.UTC(2026, 7, 1);
const GAP = 2_000;
/** Stands in one body of all, whichever their number. */
export const RARE_WORD = 'Quetzalcoatlus';
/** One in a thousand is this. */
export const RARE_EVENT = 'quote.expired';
const EVENTS = [
  ...['created', 'updated', 'paid', 'cancelled', 'shipped', 'delivered'].map((word) => `order.${word}`),
  ...[
    'invoice.paid',
    'invoice.finalized',
    'customer.created',
    'customer.updated',
    'stock.low',
    'proof.approved',
    'refund.issued',
  ],
];
const PROVIDERS = ['connect2print', 'connect2print', 'stripe', 'shopify'];
const BATCH = 1_000;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes a store of `count` deliveries at `path`, which must not be there. Gives when the newest came in. */
export async function makeStore(path, count) {
  const body = JSON.parse(readFileSync(here('../../fixtures/connect2print/order.created.json'), 'utf8'));
  await run([program, 'import', '-', '--store', path, '--quiet'], { cwd: dirname(path), input: JSON.stringify(seed()) });
  const db = new Database(pathToFileURL(path).href);
  db.exec('PRAGMA synchronous = OFF');
  const insertions = [
    `INSERT INTO deliveries (id, content, origin, received_at, provider, event, event_id, method, path, status, reason, message,
     body_size, skewed, response_status, response_ms, attempts, failed, last_outcome, last_status, bytes)
     SELECT value->>0, value->>1, 'received', value->>2, value->>3, value->>4, value->>5, 'POST', '/hooks', value->>6, value->>7,
     value->>8, value->>9, 0, value->>10, 12.1, 1, value->>11, 'responded', value->>10, value->>9 + 20 FROM json_each(?)`,
    `INSERT INTO contents (seq, headers, body) SELECT value->>1,
     '[["Content-Type","application/json"],["User-Agent","Shop/1.0"],["X-Signature","' || (value->>13) || '"]]',
     CAST(value->>12 AS BLOB) FROM json_each(?)`,
    `INSERT INTO responses (seq, headers, body) SELECT value->>1, '[["Content-Type","application/json"]]', CAST('{"received":true}' AS BLOB)
     FROM json_each(?)`,
    `INSERT INTO attempts (seq, target, started_at, duration_ms, replay, outcome, status, headers, body) SELECT value->>1,
     'http://localhost:3000/hooks', value->>2, 11.2, 0, 'responded', value->>10, '[["Content-Type","application/json"]]',
     CAST('{"received":true}' AS BLOB) FROM json_each(?)`,
  ].map((sql) => db.prepare(sql));
  const first = Number(db.prepare('SELECT max(seq) FROM contents').raw().get([])[0]) + 1;
  for (let from = 1; from < count; from += BATCH) {
    const rows = JSON.stringify(
      Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => rowOf(from + i, first - 1, body, from + i === count >> 1)),
    );
    db.exec('BEGIN');
    for (const insertion of insertions) insertion.run([rows]);
    db.exec('COMMIT');
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return BEGAN + (count - 1) * GAP;
}

function rowOf(number, before, template, rare) {
  const random = randomBytes(40).toString('hex');
  const at = BEGAN + number * GAP;
  const event = number % 1_000 === 7 ? RARE_EVENT : EVENTS[number % EVENTS.length];
  const eventId = `wh_${random.slice(0, 12)}`;
  const status = number % 50 === 3 ? 500 : 200;
  const verdict =
    number % 40 === 9 ? ['invalid', 'mismatch', 'The signature does not match.'] : ['valid', null, 'The signature is valid.'];
  const { order } = template.data;
  const text = JSON.stringify({
    ...template,
    id: eventId,
    event,
    timestamp: new Date(at).toISOString(),
    data: {
      order: {
        ...order,
        id: number,
        order_number: `ORD-2026-${number}`,
        total: (number % 90_000) / 100,
        reference: rare ? RARE_WORD : random.slice(12, 24),
        customer: { ...order.customer, id: number % 5_000, email: `${random.slice(24, 32)}@example.com` },
      },
    },
  });
  return [
    idAt(at, random),
    before + number,
    at,
    PROVIDERS[number % PROVIDERS.length],
    event,
    eventId,
    ...verdict,
    Buffer.byteLength(text),
    status,
    status === 500 ? 1 : 0,
    text,
    random.slice(16),
  ];
}

/** The one that the program itself keeps, and makes the store for. */
function seed() {
  return {
    id: idAt(BEGAN, '00'.repeat(16)),
    origin: 'received',
    receivedAt: new Date(BEGAN).toISOString(),
    provider: 'connect2print',
    event: 'order.created',
    request: { method: 'POST', path: '/hooks', headers: [], body: '{}', bodyEncoding: 'utf8' },
    verdict: { status: 'valid', reason: null, message: 'The signature is valid.', diagnosis: [] },
    response: null,
    attempts: [],
  };
}

function idAt(time, hex) {
  let text = '';
  for (let i = 0, rest = time; i < 10; i++, rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  for (let i = 0; i < 16; i++) text += ALPHABET[Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16) & 31];
  return `dlv_${text}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, count = '1000000'] = process.argv;
  await makeStore(path, Number(count));
}
