import { Column } from "./column.ts";
import { sortedOrder } from "./sorted-order.ts";
import { countBelow, countUpTo } from "./statistics.ts";

interface Lane {
  /** Ascending. */
  readonly times: Float64Array;
  /** Units of the first `count` moments together. */
  readonly unitsOfFirst: (count: number) => number;
}

/** Units that changed hands at known moments, to be summed before or after any moment in O(log n). */
export class UnitTimeline {
  readonly #lanes: readonly Lane[];

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  /** @param fill calls `add` once for each moment, in any order; times must be finite */
  static of(
    products: number,
    fill: (add: (product: number, time: number, units: number) => void) => void,
  ): UnitTimeline {
    const times = Array.from({ length: products }, () => new Column());
    const units = Array.from({ length: products }, () => new Column());
    fill((product, time, quantity) => {
      times[product]?.push(time);
      units[product]?.push(quantity);
    });
    return new UnitTimeline(times.map((lane, product) => laneOf(lane, units[product] ?? new Column())));
  }

  unitsBefore(product: number, time: number): number {
    const lane = this.#lanes[product];
    return lane?.unitsOfFirst(countBelow(lane.times, time)) ?? 0;
  }

  unitsUpTo(product: number, time: number): number {
    const lane = this.#lanes[product];
    return lane?.unitsOfFirst(countUpTo(lane.times, time)) ?? 0;
  }

  unitsAfter(product: number, time: number): number {
    const lane = this.#lanes[product];
    return (lane?.unitsOfFirst(lane.times.length) ?? 0) - this.unitsUpTo(product, time);
  }
}

function laneOf(times: Column, units: Column): Lane {
  const quantity = units.at(0);
  for (let place = 1; place < units.length; place += 1) {
    if (units.at(place) !== quantity) return mixedLane(times, units);
  }
  // All alike, as in most sales: no sums to keep, and no places to sort along.
  return { times: times.values().sort(), unitsOfFirst: (count) => (count === 0 ? 0 : count * quantity) };
}

function mixedLane(times: Column, units: Column): Lane {
  const order = sortedOrder(times.values());
  const sorted = new Float64Array(order.length);
  const sums = new Float64Array(order.length + 1);
  order.forEach((place, rank) => {
    sorted[rank] = times.at(place);
    sums[rank + 1] = (sums[rank] ?? 0) + units.at(place);
  });
  return { times: sorted, unitsOfFirst: (count) => sums[count] ?? 0 };
}
