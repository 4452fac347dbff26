import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import { type Bounds, isCertain, queueUp, type Queue } from "./queue.ts";
import { type Standing, standing } from "./standing.ts";

/** How the units were given out within the servers: each has a queue of its own, in which the order is certain. */
export interface WithinServers {
  readonly kindest: Standing;
  readonly harshest: Standing;
  /** The most units that a shop without any order could have given out of turn. */
  readonly couldBeOutOfTurn: number;
  /** Contenders who got nothing. */
  readonly losers: number;
}

export function withinServers(
  history: History,
  book: OrderBook,
  contending: Uint32Array,
  won: Queue["won"],
  bounds: Bounds,
): WithinServers {
  const queues = byServer(history, contending).map((own) => {
    const kind = queueUp(history, own, won, bounds, "kindest");
    const kindest = standing(history, book, kind);
    if (isCertain(history, kind)) return { own, kindest, harshest: kindest };
    return { own, kindest, harshest: standing(history, book, queueUp(history, own, won, bounds, "harshest")) };
  });
  return {
    kindest: together(queues.map(({ kindest }) => kindest)),
    harshest: together(queues.map(({ harshest }) => harshest)),
    couldBeOutOfTurn: queues.reduce(
      (sum, { own, kindest }) => sum + Math.min(kindest.units, unitsWanted(history, book, own) - kindest.units),
      0,
    ),
    losers: contending.reduce((losers, attempt) => (won(attempt) ? losers : losers + 1), 0),
  };
}

function byServer(history: History, contending: Uint32Array): Uint32Array[] {
  const servers = new Map<number, number[]>();
  for (const attempt of contending) {
    const server = history.server(attempt);
    const own = servers.get(server);
    if (own === undefined) servers.set(server, [attempt]);
    else own.push(attempt);
  }
  return [...servers.values()].map((own) => Uint32Array.from(own));
}

function together(standings: readonly Standing[]): Standing {
  let [units, outOfTurn, longest]: [number, number, Standing["longest"]] = [0, 0, null];
  for (const one of standings) {
    units += one.units;
    outOfTurn += one.outOfTurn;
    if (one.longest !== null && one.longest.ns > (longest?.ns ?? -1)) longest = one.longest;
  }
  return { units, outOfTurn, longest };
}

function unitsWanted(history: History, book: OrderBook, attempts: Uint32Array): number {
  let wanted = 0;
  for (const attempt of attempts) wanted += book.size(history.order(attempt));
  return wanted;
}
