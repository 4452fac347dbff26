import type { History } from "../domain/history.ts";
import { lastHealing } from "../domain/last-healing.ts";
import type { Plan } from "../domain/plan.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { attemptLine } from "./evidence.ts";
import { milliseconds, number } from "./wording.ts";

const NS_PER_MS = 1e6;

/** After the last fault was healed, buyers were served and all witnesses agreed again within the time that the scenario demands. */
export const recovery: Check = {
  name: "recovery",
  kind: "correctness",
  applies: ({ demands }) => demands.recoveryMs !== null,
  judge(run) {
    const within = run.plan.demands.recoveryMs ?? Number.NaN;
    const healed = lastHealing(run.faults);
    const expected = `within ${number(within)} ms of healing`;
    if (Number.isNaN(healed)) {
      const detail = "no fault was injected and healed, so there was nothing to recover from";
      return { verdict: "inconclusive", expected, actual: "no fault", detail };
    }
    return rule(run, expected, within, afterwards(run.history, healed), healed);
  },
};

interface Afterwards {
  /** Attempts that ended after the healing, or never did. */
  readonly tried: number;
  /** The first of them to be told "sold" or "sold out"; -1 when nobody was. */
  readonly served: number;
  /** The end of the last of them. */
  readonly lastEnd: number;
}

function afterwards(history: History, healed: number): Afterwards {
  let [tried, served, lastEnd] = [0, -1, healed];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const ended = history.endedAt(attempt);
    if (ended < healed) continue;
    tried += 1;
    if (ended > lastEnd) lastEnd = ended;
    const outcome = history.outcome(attempt);
    if (outcome !== "sold" && outcome !== "sold_out") continue;
    if (served < 0 || ended < history.endedAt(served)) served = attempt;
  }
  return { tried, served, lastEnd };
}

function rule(
  run: Case,
  expected: string,
  within: number,
  { tried, served, lastEnd }: Afterwards,
  healed: number,
): Ruling {
  const { history, truth } = run;
  const servedAfter = served < 0 ? Infinity : history.endedAt(served) - healed;
  const evidence = served < 0 ? [] : [attemptLine(history, served)];
  const first = served < 0 ? "nobody was served after it" : `first served ${milliseconds(servedAfter)} after it`;
  const agreed =
    truth.agreedAfterMs === null
      ? "witnesses never agreed"
      : `witnesses agreed after ${number(truth.agreedAfterMs)} ms`;
  const detail = `last fault healed at ${milliseconds(healed)}; ${first}, ${agreed}`;
  const ruling = (verdict: Ruling["verdict"], actual: string): Ruling => ({
    verdict,
    expected,
    actual,
    detail,
    evidence,
  });
  if (!truth.settled) return ruling("inconclusive", "not settled");
  if (truth.agreedAfterMs === null || truth.agreedAfterMs > within) return ruling("fail", "witnesses out of step");
  if (servedAfter <= within * NS_PER_MS) return ruling("pass", `served after ${milliseconds(servedAfter)}`);
  // Whoever was served too late, or waited in vain for longer than that, has seen it.
  if (tried > 0 && (served >= 0 || lastEnd - healed > within * NS_PER_MS)) return ruling("fail", "not served in time");
  if (tried > 0) return ruling("inconclusive", "nobody asked long enough");
  return certainlyOutOfStep(run.plan) ? ruling("pass", agreed) : ruling("inconclusive", "nobody asked after healing");
}

/** True when a node came back empty: then the witnesses had something to agree upon, though nobody bought any more. */
function certainlyOutOfStep({ faults }: Plan): boolean {
  return faults.some(({ action }) => action.kind === "kill" && action.nodes.length > 0 && !action.keepData);
}
