import type { Span } from "./spans.ts";

/** Spans that belong to somebody, to be asked about moments; each question takes logarithmic time. */
export class SpanIndex<Owner> {
  readonly #spans: readonly (Span & { readonly owner: Owner })[];
  /** The latest end among the spans up to each place. */
  readonly #reach: readonly number[];

  constructor(spans: readonly (Span & { readonly owner: Owner })[]) {
    this.#spans = [...spans].sort((a, b) => a.from - b.from);
    let reach = -Infinity;
    this.#reach = this.#spans.map(({ to }) => (reach = Math.max(reach, to)));
  }

  /** Whether a span has a moment in common with this one. */
  touches({ from, to }: Span, allowed: (owner: Owner) => boolean): boolean {
    for (let place = this.#begunBy(to) - 1; place >= 0 && (this.#reach[place] ?? -Infinity) >= from; place -= 1) {
      const span = this.#spans[place];
      if (span !== undefined && span.to >= from && allowed(span.owner)) return true;
    }
    return false;
  }

  /** The latest end of a span that had begun by this moment; -Infinity when there is none. */
  latestEnd(moment: number): number {
    return this.#reach[this.#begunBy(moment) - 1] ?? -Infinity;
  }

  /** Whose span was the last to begin by this moment. */
  lastBegun(moment: number): Owner | undefined {
    return this.#spans[this.#begunBy(moment) - 1]?.owner;
  }

  /** The last span that began by then and covers all of this one. */
  covering({ from, to }: Span, allowed: (owner: Owner) => boolean): Owner | undefined {
    for (let place = this.#begunBy(from) - 1; place >= 0 && (this.#reach[place] ?? -Infinity) >= to; place -= 1) {
      const span = this.#spans[place];
      if (span !== undefined && span.to >= to && allowed(span.owner)) return span.owner;
    }
    return undefined;
  }

  /** The first span that lies within this one. */
  within({ from, to }: Span, allowed: (owner: Owner) => boolean): Owner | undefined {
    return this.#first(from, to, (span) => span.to <= to && allowed(span.owner));
  }

  /** The first span that began after one moment and before another. */
  begunWithin(after: number, before: number, allowed: (owner: Owner) => boolean): Owner | undefined {
    return this.#first(after, before, (span) => span.from < before && allowed(span.owner));
  }

  #first(from: number, to: number, fits: (span: Span & { readonly owner: Owner }) => boolean): Owner | undefined {
    for (let place = this.#begunBy(from); place < this.#spans.length; place += 1) {
      const span = this.#spans[place];
      if (span === undefined || span.from > to) return undefined;
      if (fits(span)) return span.owner;
    }
    return undefined;
  }

  /** How many spans began at this moment or before. */
  #begunBy(moment: number): number {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#spans[middle]?.from ?? Infinity) <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
