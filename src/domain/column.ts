const CHUNK_BITS = 13;
const CHUNK = 1 << CHUNK_BITS;

/**
 * Numbers that are added one after another: eight bytes each, in typed arrays.
 * It grows by chunks, because a column that is copied to grow leaves twice its
 * size behind for the garbage collector.
 */
export class Column {
  readonly #chunks: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const place = this.#length & (CHUNK - 1);
    if (place === 0) this.#chunks.push(new Float64Array(CHUNK));
    const chunk = this.#chunks[this.#length >>> CHUNK_BITS];
    if (chunk !== undefined) chunk[place] = value;
    this.#length += 1;
  }

  /** NaN beyond the end. */
  at(index: number): number {
    if (index >= this.#length) return Number.NaN;
    return this.#chunks[index >>> CHUNK_BITS]?.[index & (CHUNK - 1)] ?? Number.NaN;
  }

  /** A copy in one piece. */
  values(): Float64Array {
    const values = new Float64Array(this.#length);
    this.#chunks.forEach((chunk, place) => {
      const from = place * CHUNK;
      values.set(chunk.subarray(0, this.#length - from), from);
    });
    return values;
  }
}
