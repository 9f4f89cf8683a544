import type { Cell } from './rows.js';

/** Values that came together so often are spelled out from then on. */
const OFTEN = 8;
const MOST_SPELLED = 32;
const MOST_COUNTED = 500;
const LONGEST = 256;
/** How many rows a statement takes: few sizes, so that each is prepared once. */
const SIZES = [16, 4, 1];

/** A statement with what is bound to it. */
export interface Bound {
  readonly sql: string;
  readonly cells: readonly Cell[];
  /** How many of the rows it is for. */
  readonly rows: number;
}

interface Form {
  /** What is spelled out; null: everything is bound. */
  readonly spelled: ReadonlyMap<number, string> | null;
  /** Which cells are bound, in their order. */
  readonly bound: readonly number[];
  /** Statements by the number of their rows. */
  readonly sql: Map<number, string>;
}

/**
 * A statement that is run for every delivery. The driver takes several microseconds for each statement and more than one for
 * each value it binds, and most of them are the same from one delivery to the next (the provider, the method, what was
 * answered): rows that have these in common share a statement, in which they are spelled out once they are frequent.
 */
export class SpelledStatement {
  readonly #write: (rows: ReadonlyArray<(index: number) => string>) => string;
  readonly #repeating: readonly number[];
  readonly #general: Form;
  readonly #spelled = new Map<string, Form>();
  readonly #counts = new Map<string, number>();

  /**
   * @param write Gives the statement for so many rows, with `value(index)` of each wherever it takes a cell of it: each exactly
   *   once, in the order of the rows and of the cells.
   * @param width How many cells a row has.
   * @param repeating Which of the cells are worth spelling out.
   */
  constructor(write: (rows: ReadonlyArray<(index: number) => string>) => string, width: number, repeating: readonly number[]) {
    this.#write = write;
    this.#repeating = repeating;
    const all = Array.from({ length: width }, (_, index) => index);
    this.#general = { spelled: null, bound: all, sql: new Map() };
  }

  /** One that takes a single row. */
  static forOne(
    write: (value: (index: number) => string) => string,
    width: number,
    repeating: readonly number[],
  ): { one(cells: readonly Cell[]): Bound } {
    const statement = new SpelledStatement(([row]) => (row === undefined ? '' : write(row)), width, repeating);
    return { one: (cells) => statement.with([cells])[0] as Bound };
  }

  /** The statements for these rows, in their order. */
  with(rows: ReadonlyArray<readonly Cell[]>): Bound[] {
    const statements: Bound[] = [];
    for (let start = 0; start < rows.length; ) {
      const first = rows[start] as readonly Cell[];
      let end = start + 1;
      while (end < rows.length && this.#alike(first, rows[end] as readonly Cell[])) end++;
      const form = this.#formFor(first, end - start);
      for (const size of SIZES) {
        for (; end - start >= size; start += size) statements.push(this.#bind(form, rows, start, size));
      }
    }
    return statements;
  }

  #alike(a: readonly Cell[], b: readonly Cell[]): boolean {
    for (const index of this.#repeating) if (a[index] !== b[index]) return false;
    return true;
  }

  #bind(form: Form, rows: ReadonlyArray<readonly Cell[]>, start: number, size: number): Bound {
    const cells: Cell[] = [];
    for (let row = start; row < start + size; row++) {
      for (const index of form.bound) cells.push((rows[row] as readonly Cell[])[index] as Cell);
    }
    let sql = form.sql.get(size);
    if (sql === undefined) {
      sql = this.#spell(form, size);
      form.sql.set(size, sql);
    }
    return { sql, cells, rows: size };
  }

  #formFor(cells: readonly Cell[], rows: number): Form {
    let key = '';
    for (const index of this.#repeating) {
      const spelled = literal(cells[index] as Cell);
      if (spelled === null) return this.#general;
      key += `${spelled},`;
    }
    const known = this.#spelled.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(key) ?? 0) + rows;
    if (count < OFTEN) {
      if (this.#counts.size >= MOST_COUNTED) this.#counts.clear();
      this.#counts.set(key, count);
      return this.#general;
    }
    if (this.#spelled.size >= MOST_SPELLED) this.#spelled.clear();
    this.#counts.delete(key);
    const form: Form = {
      spelled: new Map(this.#repeating.map((index) => [index, literal(cells[index] as Cell) as string])),
      bound: this.#general.bound.filter((index) => !this.#repeating.includes(index)),
      sql: new Map(),
    };
    this.#spelled.set(key, form);
    return form;
  }

  #spell({ spelled, bound }: Form, size: number): string {
    const place = new Map(bound.map((index, at) => [index, at + 1]));
    return this.#write(
      Array.from({ length: size }, (_, row) => (index: number): string => {
        return spelled?.get(index) ?? `?${row * bound.length + (place.get(index) ?? 0)}`;
      }),
    );
  }
}

/** A value as SQL has it; null where it is too long, or of a kind that is exact only when it is bound. */
function literal(cell: Cell): string | null {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? String(cell) : null;
  if (cell.length > LONGEST) return null;
  if (typeof cell === 'string') return `'${cell.includes("'") ? cell.replaceAll("'", "''") : cell}'`;
  return `x'${Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('hex')}'`;
}
