/**
 * Rows by the page, in two values. The driver takes more than a microsecond for each value it hands over, which would be most
 * of what reading costs; so SQLite puts a page together: as JSON what is text and numbers, and in one run of bytes what is bytes.
 */
import type { Ask } from './connection.js';
import { bytes, type Cell, type Columns, number, type Row } from './rows.js';

/**
 * Runs a statement that selects these columns, and gives its rows as `ask` would. Bytes of all rows share a buffer.
 */
export function askPacked(ask: Ask, columns: Columns, sql: string, cells: readonly Cell[]): Row[] {
  const [json = '[]', run] = ask(`${packing(columns)} FROM (${sql})`, cells)[0] ?? [];
  const rows: unknown[][] = JSON.parse(String(json));
  return columns.binary.length === 0 || rows.length === 0 ? rows : withBytes(rows, columns.binary, bytes(run));
}

function packing({ names, binary }: Columns): string {
  const values = names.map((name, index) => (binary.includes(index) ? `octet_length(${name})` : name));
  // As text, bytes are joined as they are: neither a NUL nor what is not UTF-8 makes a difference.
  const joined = binary.map((index) => `ifnull(CAST(${names[index]} AS TEXT), '')`).join(' || ');
  const run = joined === '' ? '' : `, CAST(group_concat(${joined}, '') AS BLOB)`;
  return `SELECT json_group_array(json_array(${values.join(', ')}))${run}`;
}

/** Puts the bytes where their length stands. */
function withBytes(rows: unknown[][], binary: readonly number[], run: Uint8Array): Row[] {
  let at = 0;
  for (const row of rows) {
    for (const index of binary) {
      if (row[index] === null) continue;
      const end = at + number(row[index]);
      row[index] = run.subarray(at, end);
      at = end;
    }
  }
  return rows;
}
