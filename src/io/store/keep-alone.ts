/**
 * Keeps a delivery that comes alone. All of it is one statement: its rows, the look for an earlier one like it, and the commit.
 * The driver takes longer to be asked for each of the five it would be than SQLite for what they do.
 */
import type { Connection } from './connection.js';
import { isConstraint } from './errors.js';
import type { FlatDelivery } from './flat.js';
import { isSkewed, responseMs, thereAlready } from './keeping.js';
import { type Cell, encode, encodeOrNull, textOrNull } from './rows.js';

const NAMES = [
  ...['id', 'received_at', 'event', 'event_id', 'skewed', 'response_ms', 'headers', 'body'],
  ...['origin', 'provider', 'method', 'path', 'status', 'reason', 'message'],
  ...['response_status', 'answer_headers', 'answer'],
];
const INSERT = `INSERT INTO kept_alone (${NAMES.join(', ')}) VALUES (${NAMES.map((_, index) => `?${index + 1}`).join(', ')})`;

/** What a connection needs for it: of no other's concern, and gone with it. */
export const KEEP_ALONE: string = `
  CREATE TEMP VIEW kept_alone (${NAMES.join(', ')}) AS SELECT ${NAMES.map(() => 'NULL').join(', ')};
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

/** Keeps a delivery, durably. Throws what the database says; an id that is there already is refused. */
export function keepAlone(connection: Connection, delivery: FlatDelivery): void {
  try {
    connection.run(INSERT, cellsOf(delivery));
  } catch (error) {
    throw isConstraint(error) ? thereAlready(delivery) : error;
  }
}

/** The id of an earlier one like it, for one that is kept; null: none, or it was removed meanwhile. */
export function duplicateOf(connection: Connection, { id, kind, eventId }: FlatDelivery): string | null {
  if (kind.provider === null || eventId === null) return null;
  try {
    return textOrNull(connection.first('SELECT duplicate_of FROM deliveries WHERE id = ?', [encode(id)])?.[0] ?? null);
  } catch {
    // Its sender was told that it is kept, and it is: that is more than which one was before it.
    return null;
  }
}

/** In the order of NAMES. */
function cellsOf(delivery: FlatDelivery): Cell[] {
  const { id, receivedAt, event, eventId, headers, body, kind } = delivery;
  return [
    ...[encode(id), receivedAt, encodeOrNull(event), encodeOrNull(eventId)],
    ...[isSkewed(delivery) ? 1 : 0, responseMs(delivery), headers, body],
    ...[kind.origin, encodeOrNull(kind.provider), encode(kind.method), encode(kind.path)],
    ...[kind.status, kind.reason, encode(kind.message)],
    ...[kind.responseStatus, kind.answerHeaders, kind.answer],
  ];
}
