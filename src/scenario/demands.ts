import type { Order } from "../domain/order.ts";
import type { ContentionDemand, Demands, LoadPlan, ProductPlan } from "../domain/plan.ts";
import { parseThreshold, THRESHOLD_METRICS, type Threshold } from "../domain/threshold.ts";
import type { Scenario } from "./scenario.ts";
import type { ThresholdsSpec } from "./schema/demands.ts";

const USUAL_SHARE = 0.2;
const FEWEST_IN_FLIGHT = 2;
const USUAL_SPREAD_MS = 500;
/** A shop that answers its buyers with errors is not well, even if what it did sell adds up. */
const USUAL_ERRORS = "<= 1%";

/** @param asWritten false when buyers or stock were overridden: then `sold` follows them instead of the file */
export function demandsOf(
  { spec }: Scenario,
  load: LoadPlan,
  products: readonly ProductPlan[],
  asWritten: boolean,
): Demands {
  const perBuyer = spec.expect.per_buyer ?? (load.buyersRepeat ? "unlimited" : Math.max(...load.orders.map(unitsOf)));
  return {
    sold: soldOf(spec.expect.sold, load, products, asWritten),
    perBuyer: perBuyer === "unlimited" ? null : perBuyer,
    firstCome: spec.expect.first_come ?? null,
    firstComePerServer: spec.expect.first_come_per_server ?? null,
    thresholds: thresholdsOf(spec.thresholds),
    contention: contentionOf(spec.contention, load),
    settle: { quietMs: spec.settle.quiet, withinMs: spec.settle.within },
    recoveryMs: spec.expect.recovery ?? null,
    breaker: spec.expect.breaker === undefined ? null : { refusalP99Ms: spec.expect.breaker.refusal_p99 },
  };
}

/** `all` becomes a number where the number of orders is known and the stock suffices for every one of them. */
function soldOf(
  sold: Scenario["spec"]["expect"]["sold"],
  load: LoadPlan,
  products: readonly ProductPlan[],
  asWritten: boolean,
): number | null {
  if (sold !== "all") return asWritten ? (sold ?? null) : null;
  if (load.runTimeMs !== null) return null;
  const asked = products.map(() => 0);
  for (let buyer = 0; buyer < load.buyers; buyer += 1) {
    const order = load.orders[load.orderOf[buyer % load.orderOf.length] ?? 0];
    for (const { product, quantity } of order?.lines ?? []) asked[product] = (asked[product] ?? 0) + quantity;
  }
  const suffices = products.every(({ stock }, product) => (asked[product] ?? 0) <= stock);
  return suffices ? asked.reduce((units, own) => units + own, 0) : null;
}

function unitsOf(order: Order): number {
  return order.lines.reduce((units, { quantity }) => units + quantity, 0);
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
