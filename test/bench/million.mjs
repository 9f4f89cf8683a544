/**
 * A store with very many deliveries, for `npm run bench -- store`: as an app receives them over weeks, of several providers
 * and some twenty event types. The program makes the store, from a delivery it imports; the rest is written past it, many rows
 * a statement: a million in a few minutes.
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
/** Rows a statement: SQLite binds 32,766 values at most. */
const BATCH = 500;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes a store of `count` deliveries at `path`, which must not be there. Gives when the newest came in. */
export async function makeStore(path, count) {
  const body = JSON.parse(readFileSync(here('../../fixtures/connect2print/order.created.json'), 'utf8'));
  await run([program, 'import', '-', '--store', path, '--quiet'], { cwd: dirname(path), input: JSON.stringify(seed()) });
  const db = new Database(pathToFileURL(path).href);
  db.exec('PRAGMA synchronous = OFF');
  db.exec('PRAGMA cache_size = -256000');
  const before = Number(db.prepare('SELECT max(seq) FROM contents').raw().get([])[0]);
  const insertions = TABLES.map(({ into, columns, cells }) => {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const statement = (rows) =>
      db.prepare(`INSERT INTO ${into} (${columns.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`);
    return { cells, many: statement(BATCH), one: statement(1) };
  });
  for (let from = 1; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    const rows = Array.from({ length: size }, (_, i) => rowOf(from + i, before, body, from + i === count >> 1));
    db.exec('BEGIN');
    for (const { cells, many, one } of insertions) {
      if (size === BATCH) many.run(rows.flatMap(cells));
      else for (const row of rows) one.run(cells(row));
    }
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
  return {
    id: idAt(at, random),
    seq: before + number,
    at,
    provider: PROVIDERS[number % PROVIDERS.length],
    event,
    eventId,
    verdict,
    status,
    body: Buffer.from(text),
    signature: random.slice(16),
  };
}

const JSON_HEADERS = '[["Content-Type","application/json"]]';
const ANSWER = Buffer.from('{"received":true}');
/** What a row is in each table. */
const TABLES = [
  {
    into: 'deliveries',
    columns:
      'id content origin received_at provider event event_id method path status reason message body_size skewed response_status response_ms attempts failed last_outcome last_status bytes'.split(
        ' ',
      ),
    cells: ({ id, seq, at, provider, event, eventId, verdict, status, body }) => [
      ...[id, seq, 'received', at, provider, event, eventId, 'POST', '/hooks', ...verdict, body.length, 0, status, 12.1],
      ...[1, status === 500 ? 1 : 0, 'responded', status, body.length + 2 * ANSWER.length],
    ],
  },
  {
    into: 'contents',
    columns: ['seq', 'id', 'headers', 'body'],
    cells: ({ seq, id, signature, body }) => [
      ...[seq, id, `[["Content-Type","application/json"],["User-Agent","Shop/1.0"],["X-Signature","${signature}"]]`, body],
    ],
  },
  { into: 'responses', columns: ['seq', 'headers', 'body'], cells: ({ seq }) => [seq, JSON_HEADERS, ANSWER] },
  {
    into: 'attempts',
    columns: ['seq', 'target', 'started_at', 'duration_ms', 'replay', 'outcome', 'status', 'headers', 'body'],
    cells: ({ seq, at, status }) => [seq, 'http://localhost:3000/hooks', at, 11.2, 0, 'responded', status, JSON_HEADERS, ANSWER],
  },
];

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
