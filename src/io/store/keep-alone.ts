/**
 * Keeps a delivery that comes alone. All of it is one statement: its rows, the look for an earlier one like it, and the commit.
 * The driver takes longer to be asked for each of the five it would be than SQLite for what they do.
 */
import type { Connection } from './connection.js';
import { isConstraint } from './errors.js';
import type { DeliveryKind, FlatDelivery } from './flat.js';
import { isSkewed, responseMs, thereAlready } from './keeping.js';
import { type Cell, encode, encodeOrNull, textOrNull } from './rows.js';
import { literal } from './spelled.js';

/** What is another for each delivery. */
const OWN = ['id', 'received_at', 'event', 'event_id', 'skewed', 'response_ms', 'headers', 'body'];
/** What deliveries of a kind have in common. */
const COMMON = [
  ...['origin', 'provider', 'method', 'path', 'status', 'reason', 'message'],
  ...['response_status', 'answer_headers', 'answer'],
];
const NAMES = [...OWN, ...COMMON].join(', ');
const INSERT = `INSERT INTO kept_alone (${NAMES}) VALUES (${OWN.map((_, index) => `?${index + 1}`).join(', ')}`;
const INSERT_ANY = `${INSERT}, ${COMMON.map((_, index) => `?${OWN.length + index + 1}`).join(', ')})`;

/** Deliveries of a kind that come one after another have it spelled out from that many on. */
const OFTEN = 8;

/** What a connection needs for it: of no other's concern, and gone with it. */
export const KEEP_ALONE: string = `
  PRAGMA temp_store = MEMORY;
  CREATE TEMP VIEW kept_alone (${NAMES}) AS SELECT ${[...OWN, ...COMMON].map(() => 'NULL').join(', ')};
  CREATE TEMP TRIGGER keep_alone INSTEAD OF INSERT ON kept_alone BEGIN
    INSERT INTO contents (seq, id, headers, answer_headers, answer, body)
      VALUES ((SELECT ifnull(max(seq), 0) + 1 FROM contents), NEW.id, NEW.headers, NEW.answer_headers, NEW.answer, NEW.body);
    INSERT INTO deliveries (id, content, origin, received_at, provider, event, event_id, duplicate_of, method, path, status, reason,
        message, body_size, bytes, skewed, response_status, response_ms)
      VALUES (NEW.id, last_insert_rowid(), NEW.origin, NEW.received_at, NEW.provider, NEW.event, NEW.event_id,
        (SELECT id FROM deliveries WHERE event_id = NEW.event_id AND provider = NEW.provider AND origin = NEW.origin ORDER BY id LIMIT 1),
        NEW.method, NEW.path, NEW.status, NEW.reason, NEW.message, length(NEW.body), length(NEW.body) + ifnull(length(NEW.answer), 0),
        NEW.skewed, NEW.response_status, NEW.response_ms);
  END;
`;

/** Whether it has nothing that few have, for which there is no room here. */
export function canKeepAlone({ attempts, diagnosis, duplicateOf }: FlatDelivery): boolean {
  return attempts.length === 0 && diagnosis === null && duplicateOf === null;
}

/** Keeps one after another; for one connection. */
export class Alone {
  readonly #connection: Connection;
  #kind: DeliveryKind | null = null;
  #times = 0;
  /** For deliveries of this kind; null: it is to be bound. */
  #spelled: string | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Keeps a delivery, durably. Throws what the database says; an id that is there already is refused. */
  keep(delivery: FlatDelivery): void {
    const { kind } = delivery;
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#times = 0;
      this.#spelled = null;
    }
    if (++this.#times === OFTEN) this.#spelled = spell(kind);
    try {
      if (this.#spelled !== null) this.#connection.run(this.#spelled, ownCells(delivery));
      else this.#connection.run(INSERT_ANY, [...ownCells(delivery), ...commonCells(kind)]);
    } catch (error) {
      throw isConstraint(error) ? thereAlready(delivery) : error;
    }
  }
}

/** The id of an earlier one like it, for one that is kept; null: none, or it was removed meanwhile. */
export function duplicateOf(connection: Connection, id: string): string | null {
  try {
    return textOrNull(connection.first('SELECT duplicate_of FROM deliveries WHERE id = ?', [encode(id)])?.[0] ?? null);
  } catch {
    // It is kept, and what fails now will fail the next one as well.
    return null;
  }
}

/** In the order of OWN. */
function ownCells(delivery: FlatDelivery): Cell[] {
  const { id, receivedAt, event, eventId, headers, body } = delivery;
  return [
    encode(id),
    receivedAt,
    encodeOrNull(event),
    encodeOrNull(eventId),
    isSkewed(delivery) ? 1 : 0,
    responseMs(delivery),
    headers,
    body,
  ];
}

/** In the order of COMMON. */
function commonCells(kind: DeliveryKind): Cell[] {
  const { origin, provider, method, path, status, reason, message, responseStatus, answerHeaders, answer } = kind;
  return [
    ...[origin, encodeOrNull(provider), encode(method), encode(path), status, reason, encode(message)],
    ...[responseStatus, answerHeaders, answer],
  ];
}

/** Null where a part of it is too long to stand in a statement. */
function spell(kind: DeliveryKind): string | null {
  const literals = commonCells(kind).map(literal);
  return literals.includes(null) ? null : `${INSERT}, ${literals.join(', ')})`;
}
