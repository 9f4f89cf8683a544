import type { Cell } from './rows.js';

/** Values that came together so often are spelled out from then on. */
const OFTEN = 8;
const MOST_SPELLED = 32;
const MOST_COUNTED = 500;
const LONGEST = 256;

/** A statement with what is bound to it. */
export interface Bound {
  readonly sql: string;
  readonly cells: readonly Cell[];
}

interface Form {
  readonly sql: string;
  /** Which cells are bound, in their order. */
  readonly bound: readonly number[];
}

/**
 * A statement that is run for every delivery. The driver takes more than a microsecond for each value it binds, and most of
 * them are the same from one delivery to the next (the provider, the method, what was answered): those are spelled out in the
 * statement, of which there is then one for each combination that is frequent.
 */
export class SpelledStatement {
  readonly #write: (value: (index: number) => string) => string;
  readonly #repeating: readonly number[];
  readonly #general: Form;
  readonly #spelled = new Map<string, Form>();
  readonly #counts = new Map<string, number>();

  /**
   * @param write Gives the statement, with `value(index)` wherever it takes a cell: each exactly once.
   * @param repeating Which of the cells are worth spelling out.
   */
  constructor(write: (value: (index: number) => string) => string, repeating: readonly number[]) {
    this.#write = write;
    this.#repeating = repeating;
    this.#general = this.#form(() => null);
  }

  with(cells: readonly Cell[]): Bound {
    const { sql, bound } = this.#formFor(cells);
    return { sql, cells: bound.map((index) => cells[index] as Cell) };
  }

  #formFor(cells: readonly Cell[]): Form {
    let key = '';
    for (const index of this.#repeating) {
      const spelled = literal(cells[index] as Cell);
      if (spelled === null) return this.#general;
      key += `${spelled},`;
    }
    const known = this.#spelled.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count < OFTEN) {
      if (this.#counts.size >= MOST_COUNTED) this.#counts.clear();
      this.#counts.set(key, count);
      return this.#general;
    }
    if (this.#spelled.size >= MOST_SPELLED) this.#spelled.clear();
    this.#counts.delete(key);
    const form = this.#form((index) => (this.#repeating.includes(index) ? literal(cells[index] as Cell) : null));
    this.#spelled.set(key, form);
    return form;
  }

  #form(spelledAt: (index: number) => string | null): Form {
    const bound: number[] = [];
    const sql = this.#write((index) => {
      const spelled = spelledAt(index);
      if (spelled !== null) return spelled;
      bound.push(index);
      return `?${bound.length}`;
    });
    return { sql, bound };
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
