import { Column } from "../../domain/column.ts";
import { sortedOrder } from "../../domain/sorted-order.ts";

/**
 * Stock levels that were handed out for one product by one kind of witness. A
 * sale of q units that left r behind has taken the units numbered r … r+q−1.
 */
export interface Handout {
  readonly remaining: number;
  readonly units: number;
  /** When it can have happened, in nanoseconds; left out where nobody knows. */
  readonly span?: { readonly earliest: number; readonly latest: number };
  /** The attempt or the row, for evidence. */
  readonly place: number;
}

export class Handouts {
  readonly #remaining = new Column();
  readonly #units = new Column();
  readonly #earliest = new Column();
  readonly #latest = new Column();
  readonly #place = new Column();

  get length(): number {
    return this.#remaining.length;
  }

  add({ remaining, units, span, place }: Handout): void {
    this.#remaining.push(remaining);
    this.#units.push(units);
    this.#place.push(place);
    if (span === undefined) return;
    this.#earliest.push(span.earliest);
    this.#latest.push(span.latest);
  }

  /**
   * Units that were sold more often than once: their number, counted again for each further time.
   * @param onPair is told the places of two sales of the same unit
   */
  unitsSoldTwice(onPair: (one: number, other: number) => void): number {
    let twice = 0;
    let reach = Number.NEGATIVE_INFINITY;
    let reacher = -1;
    for (const index of sortedOrder(this.#remaining.values())) {
      const from = this.#remaining.at(index);
      const to = from + this.#units.at(index);
      const place = this.#place.at(index);
      if (from < reach) {
        twice += Math.min(to, reach) - from;
        onPair(reacher, place);
      }
      if (to > reach) [reach, reacher] = [to, place];
    }
    return twice;
  }

  /**
   * By how many units the stock has risen at most between two sales of which one certainly came first.
   * @returns 0 when it only ever fell, and where the spans are not known
   */
  highestRise(): { readonly units: number; readonly before: number; readonly after: number } {
    const byEnd = sortedOrder(this.#latest.values());
    let ended = 0;
    let lowest = { remaining: Number.POSITIVE_INFINITY, place: -1 };
    let highest = { units: 0, before: -1, after: -1 };
    for (const index of sortedOrder(this.#earliest.values())) {
      const start = this.#earliest.at(index);
      for (; ended < byEnd.length; ended += 1) {
        const done = byEnd[ended] ?? 0;
        if (this.#latest.at(done) >= start) break;
        const remaining = this.#remaining.at(done);
        if (remaining < lowest.remaining) lowest = { remaining, place: this.#place.at(done) };
      }
      const units = this.#remaining.at(index) + this.#units.at(index) - lowest.remaining;
      if (units > highest.units) highest = { units, before: lowest.place, after: this.#place.at(index) };
    }
    return highest;
  }
}
