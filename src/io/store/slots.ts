/**
 * What is waited for, each under a number that is given anew once it is free. No `Map`: one that is added to and deleted from
 * without end leaves its tables behind, each of which holds what was in it and leads to the next, so that once one is old
 * everything outlives its collection.
 */
export class Slots<T> {
  #values: Array<T | null> = [];
  #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** Gives the number. */
  put(value: T): number {
    const number = this.#free.pop() ?? this.#values.length;
    this.#values[number] = value;
    return number;
  }

  /** Null where nothing stands under that number. */
  take(number: number): T | null {
    const value = this.#values[number] ?? null;
    if (value === null) return null;
    this.#values[number] = null;
    this.#free.push(number);
    return value;
  }

  takeAll(): T[] {
    const all = this.#values.filter((value) => value !== null);
    this.#values = [];
    this.#free = [];
    return all;
  }
}
