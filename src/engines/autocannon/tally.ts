const MOST_KINDS = 100;

/** Counts how often each thing was said. Bounded: in a flood of different texts only the first kinds are kept apart. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(kind: string): void {
    this.#total += 1;
    const count = this.#counts.get(kind);
    if (count !== undefined || this.#counts.size < MOST_KINDS) this.#counts.set(kind, (count ?? 0) + 1);
  }

  /** The commonest kinds with their counts, such as `ECONNRESET (12), closed (3)`. */
  commonest(most: number): string {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a).slice(0, most);
    return sorted.map(([kind, count]) => `${kind} (${String(count)})`).join(", ");
  }
}
