import { breakerCode } from "../domain/breaker-state.ts";
import type { History } from "../domain/history.ts";
import { type Outcome } from "../domain/outcome.ts";
import { percentile } from "../domain/statistics.ts";
import { tells } from "./breaker-tells.ts";
import type { Check } from "./check.ts";
import { count, number } from "./wording.ts";

const NS_PER_MS = 1e6;

/** What whoever is not served is told: a breaker may speak of any of them. */
const UNSERVED: readonly Outcome[] = ["refused", "busy", "error"];

/** While the breaker is open, buyers are turned away within milliseconds: that is what it is for. */
export const refusalP99: Check = {
  name: "refusal_p99",
  kind: "performance",
  applies: ({ demands }) => demands.breaker !== null,
  judge({ plan, history }) {
    const bound = plan.demands.breaker?.refusalP99Ms ?? Number.NaN;
    const expected = `< ${number(bound)} ms`;
    const latencies = refusals(history);
    const p99 = percentile(latencies.sort(), 99);
    if (Number.isNaN(p99)) {
      const detail = "nobody was turned away by a server whose breaker had been open when he was sent";
      return { verdict: "inconclusive", expected, actual: "no samples", detail };
    }
    const detail = `${count(latencies.length, "attempt")} turned away that had been sent while the breaker was open`;
    return { verdict: p99 < bound ? "pass" : "fail", expected, actual: `${number(p99)} ms`, detail };
  },
};

function refusals(history: History): Float64Array {
  const latencies: number[] = [];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!UNSERVED.includes(history.outcome(attempt)) || !tells(history, attempt)) continue;
    if (history.breaker(attempt) !== breakerCode.open || history.breakerSince(attempt) > history.sentAt(attempt))
      continue;
    latencies.push((history.endedAt(attempt) - history.sentAt(attempt)) / NS_PER_MS);
  }
  return Float64Array.from(latencies);
}
