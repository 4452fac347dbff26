import type { History } from "../../domain/history.ts";
import { plausibleArrival, plausibleGrant } from "../../domain/stamps.ts";
import type { Bounds } from "./queue.ts";

/** A busy event loop serves one request, and hands on the next a few milliseconds later; rarely more than this. */
const MARGIN_NS = 25e6;

/**
 * When attempts took their place in a queue that servers share. A request is
 * stamped in one process and reaches the queue from there only when its event
 * loop comes to it, which on a busy machine may be far later than a younger
 * request of another process does. It certainly stood in the queue soon after
 * its server had served anybody else: until then the loop may have stood still.
 * @param arrivals the bounds of the arrivals themselves
 */
export function sharedQueueBounds(history: History, contending: Uint32Array, arrivals: Bounds): Bounds {
  const served = servedAt(history, contending);
  return {
    earliest: arrivals.earliest,
    latest: (attempt) => {
      const arrived = plausibleArrival(history, attempt);
      if (Number.isNaN(arrived)) return arrivals.latest(attempt);
      return firstAfter(served.get(history.server(attempt)) ?? [], arrived) + MARGIN_NS;
    },
  };
}

/** For each server: when it granted, or where it stamps no grants answered, in order. */
function servedAt(history: History, contending: Uint32Array): Map<number, number[]> {
  const served = new Map<number, number[]>();
  for (const attempt of contending) {
    const granted = plausibleGrant(history, attempt);
    const moment = Number.isNaN(granted) ? history.endedAt(attempt) : granted;
    const server = history.server(attempt);
    const own = served.get(server);
    if (own === undefined) served.set(server, [moment]);
    else own.push(moment);
  }
  for (const moments of served.values()) moments.sort((a, b) => a - b);
  return served;
}

function firstAfter(moments: readonly number[], moment: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? Infinity) > moment) high = middle;
    else low = middle + 1;
  }
  return moments[low] ?? Infinity;
}
