import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import type { Case, Check } from "./check.ts";
import { peakAtServer, peakOfCompetitors, peakWaiting } from "./contention/competitors.ts";
import { count, number } from "./wording.ts";

/** The load did its job: enough buyers at once, close enough together. Without that, a pass proves nothing. */
export const contention: Check = {
  name: "contention",
  kind: "validity",
  applies: () => true,
  judge(run) {
    const { inFlight } = run.plan.demands.contention;
    const spreadMs = longestSpread(run.plan);
    const within = spreadMs === null ? "" : ` within ${number(spreadMs)} ms`;
    const expected = `≥ ${String(inFlight)} in flight${within}`;
    const peak = peakOfCompetitors(run);
    const actual = `${String(peak)} in flight within ${number(run.metrics.sendSpreadMs)} ms`;
    const lacks = shortcomings(run, peak, inFlight, spreadMs);
    if (lacks.length > 0) return { verdict: "inconclusive", expected, actual, detail: lacks.join("; ") };
    return { verdict: "pass", expected, actual, detail: describe(run) };
  },
};

/** Only a burst is meant to come all at once. */
function longestSpread({ load, demands }: Plan): number | null {
  return load.spawnRate === null && load.runTimeMs === null ? demands.contention.spreadMs : null;
}

function shortcomings(run: Case, peak: number, inFlight: number, spreadMs: number | null): string[] {
  const { history, metrics } = run;
  const lacks: string[] = [];
  if (!hasTwoBuyers(history)) lacks.push("fewer than 2 buyers: nobody competed");
  if (peak < inFlight) {
    const turnedAway = metrics.peakInFlight > peak ? ", not counting those that were refused or failed" : "";
    lacks.push(`only ${count(peak, "attempt was", "attempts were")} in flight at once${turnedAway}`);
  }
  // Straight to the server, what is not read yet waits in its own queue; a proxy may hand a burst over one by one.
  const waiting = run.behindProxy ? peakWaiting(run) : null;
  if (waiting !== null && waiting < inFlight) {
    const seen = `only ${count(waiting, "attempt", "attempts")} certainly waited at the server at once`;
    lacks.push(`${seen}: its proxy spread the burst, or the server stamps no grants`);
  }
  if (spreadMs !== null && metrics.sendSpreadMs > spreadMs) {
    lacks.push(`the burst was sent over ${number(metrics.sendSpreadMs)} ms; ${describe(run)}`);
  }
  return lacks;
}

function hasTwoBuyers(history: History): boolean {
  const first = history.buyer(0);
  for (let attempt = 1; attempt < history.length; attempt += 1) if (history.buyer(attempt) !== first) return true;
  return false;
}

function describe(run: Pick<Case, "history" | "metrics">): string {
  const { arrivalSpreadMs, generatorCpuPercent } = run.metrics;
  const atServer = peakAtServer(run);
  const arrivals =
    arrivalSpreadMs === null
      ? "arrivals not stamped"
      : `arrivals within ${number(arrivalSpreadMs)} ms, ${String(atServer)} at the server at once`;
  const cpu =
    generatorCpuPercent === null ? "generator CPU not measured" : `generator CPU ${number(generatorCpuPercent)} %`;
  return `${arrivals}, ${cpu}`;
}
