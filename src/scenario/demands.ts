import type { ContentionDemand, Demands, LoadPlan } from "../domain/plan.ts";
import { parseThreshold, THRESHOLD_METRICS, type Threshold } from "../domain/threshold.ts";
import type { Scenario } from "./scenario.ts";
import type { ThresholdsSpec } from "./schema/demands.ts";

const USUAL_SHARE = 0.2;
const FEWEST_IN_FLIGHT = 2;
const USUAL_SPREAD_MS = 500;
/** A shop that answers its buyers with errors is not well, even if what it did sell adds up. */
const USUAL_ERRORS = "<= 1%";

/** @param asWritten false when buyers or stock were overridden: then `sold` follows them instead of the file */
export function demandsOf({ spec }: Scenario, load: LoadPlan, asWritten: boolean): Demands {
  const perBuyer = spec.expect.per_buyer ?? (load.buyersRepeat ? "unlimited" : spec.load.quantity);
  return {
    sold: asWritten ? (spec.expect.sold ?? null) : null,
    perBuyer: perBuyer === "unlimited" ? null : perBuyer,
    firstCome: spec.expect.first_come ?? null,
    thresholds: thresholdsOf(spec.thresholds),
    contention: contentionOf(spec.contention, load),
    settle: { quietMs: spec.settle.quiet, withinMs: spec.settle.within },
  };
}

/** A sale of three at a time cannot sell a hundred: the remainder would look like lost sales. */
export function unitsOfEach(quantity: number): string {
  return `a multiple of load.quantity, ${String(quantity)}, or expect.sold beside it`;
}

function thresholdsOf(spec: ThresholdsSpec): readonly Threshold[] {
  return THRESHOLD_METRICS.flatMap((metric) => {
    const threshold = parseThreshold(metric, spec[metric] ?? (metric === "errors" ? USUAL_ERRORS : ""));
    return threshold === undefined ? [] : [threshold];
  });
}

function contentionOf(spec: Scenario["spec"]["contention"], load: LoadPlan): ContentionDemand {
  const burst = load.spawnRate === null && load.runTimeMs === null;
  return {
    inFlight: inFlightOf(spec.in_flight, load),
    spreadMs: burst ? (spec.spread ?? USUAL_SPREAD_MS) : null,
  };
}

/** In a ramp of single purchases the rate, not the number of buyers, decides how many meet: no share is demanded. */
function inFlightOf(spec: Scenario["spec"]["contention"]["in_flight"], load: LoadPlan): number {
  if (spec !== undefined && "buyers" in spec) return spec.buyers;
  const ramp = load.spawnRate !== null && load.runTimeMs === null;
  const share = spec?.share ?? (ramp ? 0 : USUAL_SHARE);
  return Math.max(FEWEST_IN_FLIGHT, Math.ceil(load.buyers * share));
}
