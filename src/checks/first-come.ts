import type { History } from "../domain/history.ts";
import { OrderBook } from "../domain/order-book.ts";
import type { Demands } from "../domain/plan.ts";
import { plausibleArrival } from "../domain/stamps.ts";
import { Tries } from "../domain/tries.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { attemptLine } from "./evidence.ts";
import { sharedQueueBounds } from "./first-come/between-servers.ts";
import { type WithinServers, withinServers } from "./first-come/each-server.ts";
import { arrivalBounds, contenders, type Queue, queueUp, winners } from "./first-come/queue.ts";
import { stampsRunAgainstSends } from "./first-come/stamp-order.ts";
import { type Standing, standing } from "./first-come/standing.ts";
import { describeWaits } from "./first-come/waits.ts";
import { count, milliseconds, percent } from "./wording.ts";

/** The units went to those who arrived first, up to the demanded share. */
export const firstCome: Check = {
  name: "first_come",
  kind: "correctness",
  applies: ({ demands }) => demands.firstCome !== null || perServer(demands) !== null,
  judge(run) {
    const { history, plan } = run;
    const book = new OrderBook(plan.load.orders, plan.products.length);
    const tries = new Tries(history, plan.load);
    const won = winners(history, tries);
    const contending = contenders(history, book, tries);
    const bounds = arrivalBounds(history);
    const queue = queueUp(history, contending, won, bounds, "kindest");
    return rule({
      run,
      contending,
      stamps: countStamps(history, contending),
      againstSends: stampsRunAgainstSends(history, queue, run.behindProxy),
      within: withinServers(history, book, contending, won, bounds),
      between: betweenServers(run, book, contending, won),
    });
  },
};

/** Plans that were kept before this could be demanded do not say. */
function perServer(demands: Demands): number | null {
  return demands.firstComePerServer ?? null;
}

/** How the units were given out over all servers, in the kindest view; null where that is not asked, or no question. */
function betweenServers(run: Case, book: OrderBook, contending: Uint32Array, won: Queue["won"]): Standing | null {
  const { history, plan } = run;
  if (plan.stack.replicas < 2 || plan.demands.firstCome === null) return null;
  const bounds = sharedQueueBounds(history, contending, arrivalBounds(history));
  return standing(history, book, queueUp(history, contending, won, bounds, "kindest"));
}

interface Stamps {
  readonly plausible: number;
  readonly implausible: number;
}

function countStamps(history: History, contending: Uint32Array): Stamps {
  let plausible = 0;
  let implausible = 0;
  for (const attempt of contending) {
    if (!Number.isNaN(plausibleArrival(history, attempt))) plausible += 1;
    else if (!Number.isNaN(history.arrivedAt(attempt))) implausible += 1;
  }
  return { plausible, implausible };
}

interface Contest {
  readonly run: Case;
  readonly contending: Uint32Array;
  readonly stamps: Stamps;
  /** True when the stamps cannot be of arrivals, going by the order of sending. */
  readonly againstSends: boolean;
  readonly within: WithinServers;
  readonly between: Standing | null;
}

function rule(contest: Contest): Ruling {
  const { run, stamps, within, between } = contest;
  const { demands } = run.plan;
  const demanded = perServer(demands) ?? demands.firstCome ?? 0;
  const { kindest, harshest } = within;
  const expected = `≥ ${percent(demanded)} to the first arrivals${demands.firstCome === null ? " of each server" : ""}`;
  if (kindest.units === 0) {
    const detail = "nothing was sold, so nobody was preferred";
    return { verdict: "inconclusive", expected, actual: "no sale", detail };
  }
  const most = share(kindest);
  const least = share(harshest);
  const detail = describe(contest);
  const ruling = (verdict: Ruling["verdict"], why = "", actual = range(least, most)): Ruling => {
    return { verdict, expected, actual, detail: `${why}${detail}` };
  };
  if (stamps.implausible > stamps.plausible) return ruling("inconclusive", "most arrival stamps cannot be true: ");
  if (contest.againstSends) return ruling("inconclusive", "arrival stamps run against the sends: ");
  if (most < demanded) return { ...ruling("fail"), evidence: overtaking(run.history, kindest) };
  if (between !== null && share(between) < (demands.firstCome ?? 0)) {
    return { ...ruling("fail", "", percent(share(between))), evidence: overtaking(run.history, between) };
  }
  if (least < demanded) return ruling("inconclusive", "the order of arrival is not certain enough: ");
  return isVacuous(contest, demanded) ? ruling("inconclusive", `${NO_RIVALS}: `) : ruling("pass");
}

const NO_RIVALS =
  "on no server did enough buyers compete for the units that it sold, and between servers no order is certain";

/** Where several servers share the load, whoever was served may have had no rival at his own. */
function isVacuous({ run, within }: Contest, demanded: number): boolean {
  const { units } = within.kindest;
  return run.plan.stack.replicas > 1 && within.losers > 0 && within.couldBeOutOfTurn <= (1 - demanded) * units;
}

function share({ units, outOfTurn }: Standing): number {
  return (units - outOfTurn) / units;
}

function range(least: number, most: number): string {
  return most === least ? percent(most) : `${percent(least)} to ${percent(most)}`;
}

function describe({ run, contending, stamps, within: { kindest }, between }: Contest): string {
  const overtakenBetween = between === null ? "" : `; between servers ${inTurn(between)}`;
  const stamped = `${String(stamps.plausible)} of ${count(contending.length, "contender")} with an arrival stamp`;
  const doubtful = stamps.implausible > 0 ? `, ${count(stamps.implausible, "stamp")} not plausible` : "";
  const each = run.plan.stack.replicas > 1 ? " at their server" : "";
  const waits = `waits ${describeWaits(run.history, contending)}`;
  return `${inTurn(kindest, each)}${overtakenBetween}; ${waits}; ${stamped}${doubtful}`;
}

function inTurn({ units, outOfTurn, longest }: Standing, where = ""): string {
  const overtaken =
    longest === null
      ? "nobody certainly overtaken"
      : `longest overtaking ${milliseconds(longest.ns)} and ${count(longest.places, "place")}`;
  return `${String(units - outOfTurn)} of ${count(units, "unit")} in turn${where}; ${overtaken}`;
}

function overtaking(history: History, { longest }: Standing): readonly string[] {
  if (longest === null) return [];
  const { winner, loser, ns, places } = longest;
  const by = `${milliseconds(ns)} and ${count(places, "place")} after`;
  const served = history.server(winner) === history.server(loser) ? "" : ` had his place in the queue of all servers`;
  return [`${attemptLine(history, winner)} arrived ${by} ${attemptLine(history, loser)}${served}`];
}
