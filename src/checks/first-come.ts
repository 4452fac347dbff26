import type { History } from "../domain/history.ts";
import { OrderBook } from "../domain/order-book.ts";
import { plausibleArrival } from "../domain/stamps.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { attemptLine } from "./evidence.ts";
import { contenders, isCertain, queueUp } from "./first-come/queue.ts";
import { stampsRunAgainstSends } from "./first-come/stamp-order.ts";
import { type Standing, standing } from "./first-come/standing.ts";
import { describeWaits } from "./first-come/waits.ts";
import { count, milliseconds, percent } from "./wording.ts";

/** One process stamps and queues its requests in one order. */
const TOLERANCE_OF_ONE_NS = 0;
/**
 * Several processes have several event loops: a request may be stamped in one
 * and reach the lock from there later than a younger request from another. A
 * busy loop runs late by a few milliseconds, rarely by more than this.
 */
const TOLERANCE_OF_MANY_NS = 25e6;

/** The units went to those who arrived first, up to the demanded share. */
export const firstCome: Check = {
  name: "first_come",
  kind: "correctness",
  applies: ({ demands }) => demands.firstCome !== null,
  judge(run) {
    const demanded = run.plan.demands.firstCome ?? 0;
    const book = new OrderBook(run.plan.load.orders, run.plan.products.length);
    const contending = contenders(run.history, book);
    const stamps = countStamps(run.history, contending);
    const toleranceNs = run.plan.stack.replicas > 1 ? TOLERANCE_OF_MANY_NS : TOLERANCE_OF_ONE_NS;
    const queue = queueUp(run.history, contending, "kindest");
    const kindest = standing(run.history, book, queue, toleranceNs);
    const harshest = isCertain(run.history, queue)
      ? kindest
      : standing(run.history, book, queueUp(run.history, contending, "harshest"), toleranceNs);
    const againstSends = stampsRunAgainstSends(run.history, queue, run.behindProxy);
    return rule({ run, contending, stamps, againstSends, demanded, kindest, harshest });
  },
};

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
  readonly demanded: number;
  readonly kindest: Standing;
  readonly harshest: Standing;
}

function rule(contest: Contest): Ruling {
  const { stamps, demanded, kindest, harshest } = contest;
  const expected = `≥ ${percent(demanded)} to the first arrivals`;
  if (kindest.units === 0) {
    return {
      verdict: "inconclusive",
      expected,
      actual: "no sale",
      detail: "nothing was sold, so nobody was preferred",
    };
  }
  const most = share(kindest);
  const least = share(harshest);
  const actual = most === least ? percent(most) : `${percent(least)} to ${percent(most)}`;
  const detail = describe(contest);
  if (stamps.implausible > stamps.plausible) {
    return { verdict: "inconclusive", expected, actual, detail: `most arrival stamps cannot be true: ${detail}` };
  }
  if (contest.againstSends) {
    return { verdict: "inconclusive", expected, actual, detail: `arrival stamps run against the sends: ${detail}` };
  }
  if (most < demanded) return { verdict: "fail", expected, actual, detail, evidence: overtaking(contest) };
  if (least >= demanded) return { verdict: "pass", expected, actual, detail };
  return { verdict: "inconclusive", expected, actual, detail: `the order of arrival is not certain enough: ${detail}` };
}

function share({ units, outOfTurn }: Standing): number {
  return (units - outOfTurn) / units;
}

function describe({ run, contending, stamps, kindest }: Contest): string {
  const { units, outOfTurn, longest } = kindest;
  const arithmetic = `${String(units - outOfTurn)} of ${count(units, "unit")} in turn`;
  const overtaken =
    longest === null
      ? "nobody certainly overtaken"
      : `longest overtaking ${milliseconds(longest.ns)} and ${count(longest.places, "place")}`;
  const stamped = `${String(stamps.plausible)} of ${count(contending.length, "contender")} with an arrival stamp`;
  const doubtful = stamps.implausible > 0 ? `, ${count(stamps.implausible, "stamp")} not plausible` : "";
  return `${arithmetic}; ${overtaken}; waits ${describeWaits(run.history, contending)}; ${stamped}${doubtful}`;
}

function overtaking({ run, kindest: { longest } }: Contest): readonly string[] {
  if (longest === null) return [];
  const { winner, loser, ns, places } = longest;
  const by = `${milliseconds(ns)} and ${count(places, "place")} after`;
  return [`${attemptLine(run.history, winner)} arrived ${by} ${attemptLine(run.history, loser)}`];
}
