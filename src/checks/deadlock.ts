import type { History } from "../domain/history.ts";
import { type Outcome, OUTCOMES } from "../domain/outcome.ts";
import type { Check, Ruling } from "./check.ts";
import { crossings } from "./deadlock/crossings.ts";
import { type CycleFinding, findCycle } from "./deadlock/wait-for.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { isTapped } from "./lock-log/lock-story.ts";
import { count } from "./wording.ts";

const EXPECTED = "0 deadlocks";
const SERVED: readonly Outcome[] = ["sold", "sold_out"];

/**
 * No basket waited in a circle with another: one holding A and waiting for B,
 * the other holding B and waiting for A. Such a circle is broken only by
 * somebody whose patience or lease is over, and he is turned away.
 */
export const deadlock: Check = {
  name: "deadlock",
  kind: "correctness",
  applies: ({ load }) => load.orders.some(({ lines }) => new Set(lines.map(({ product }) => product)).size > 1),
  judge(run) {
    const { plan, history } = run;
    const { baskets, crossed } = crossings(history, plan);
    const seen = !isTapped(run) || plan.target.lockKeys === null ? null : findCycle(run);
    const answered = rule(baskets, crossed, turnedAway(history));
    if (seen === null) return answered;
    return ruleByWire(seen) ?? withReason(answered, seen);
  },
};

/** What the wire proves, if it proves anything; otherwise the answers have to tell. */
function ruleByWire({ cycle, inversion, waiting }: CycleFinding): Ruling | undefined {
  const seen = `${count(waiting, "owner")} held one lock and kept being refused another`;
  if (cycle !== null) {
    const detail = `${seen}; these waited in a circle`;
    return { verdict: "fail", expected: EXPECTED, actual: "a circle of waiting", detail, evidence: cycle };
  }
  if (inversion === null) return undefined;
  const detail = `${seen}; two of them in opposite order, though not at once: that they missed each other was luck`;
  return { verdict: "inconclusive", expected: EXPECTED, actual: "opposite orders", detail, evidence: inversion };
}

/** Why it goes by the answers alone. */
function withReason(ruling: Ruling, { unclear }: CycleFinding): Ruling {
  return unclear === null ? ruling : { ...ruling, detail: `${ruling.detail}; the wire does not tell: ${unclear}` };
}

function rule(baskets: number, crossed: number, unserved: Evidence): Ruling {
  const met = `${String(crossed)} of ${count(baskets, "basket")} met another that named two of its products the other way round`;
  if (crossed === 0) {
    const detail = `${met}: a shop that takes its locks in any order would have got away with it`;
    return { verdict: "inconclusive", expected: EXPECTED, actual: "nobody could", detail };
  }
  if (unserved.found > 0) {
    const actual = `${count(unserved.found, "attempt")} turned away`;
    const detail = `${met}; whether those turned away had waited in a circle or in a crowd, answers do not tell`;
    return { verdict: "inconclusive", expected: EXPECTED, actual, detail, evidence: unserved.lines };
  }
  const detail = `${met}, and nobody was turned away, as the end of a deadlock would have it`;
  return { verdict: "pass", expected: EXPECTED, actual: EXPECTED, detail };
}

/** Everybody who was told neither "sold" nor "sold out". */
function turnedAway(history: History): Evidence {
  const served = OUTCOMES.map((outcome) => SERVED.includes(outcome));
  const evidence = new Evidence();
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (served[history.outcomeCode(attempt)] !== true) evidence.add(() => attemptLine(history, attempt));
  }
  return evidence;
}
