const NONE = -1;

/** As much of the purchase rows as it takes to find them again. */
interface Rows {
  readonly length: number;
  /** The attempt that a row belongs to, or -1. */
  attempt(row: number): number;
}

/** Finds the rows of an attempt, in the order in which they were committed. Two integers for each attempt and row. */
export class RowsByAttempt {
  readonly #rows: Rows;
  readonly #first: Int32Array;
  readonly #next: Int32Array;

  constructor(rows: Rows, attempts: number) {
    this.#rows = rows;
    this.#first = new Int32Array(attempts).fill(NONE);
    this.#next = new Int32Array(rows.length).fill(NONE);
    for (let row = rows.length - 1; row >= 0; row -= 1) this.#link(row, rows.attempt(row));
  }

  /** The first row of an attempt, or -1. */
  first(attempt: number): number {
    return this.#first[attempt] ?? NONE;
  }

  /** The row that follows in the same attempt, or -1. */
  next(row: number): number {
    return this.#next[row] ?? NONE;
  }

  get attempts(): number {
    return this.#first.length;
  }

  of(attempt: number): number[] {
    const rows: number[] = [];
    for (let row = this.first(attempt); row !== NONE; row = this.next(row)) rows.push(row);
    return rows;
  }

  /** True when this row belongs to an attempt that was made. */
  tied(row: number): boolean {
    const attempt = this.#rows.attempt(row);
    return attempt >= 0 && attempt < this.#first.length;
  }

  #link(row: number, attempt: number): void {
    if (attempt < 0 || attempt >= this.#first.length) return;
    this.#next[row] = this.first(attempt);
    this.#first[attempt] = row;
  }
}
