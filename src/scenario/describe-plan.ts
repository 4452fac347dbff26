import { describeFault } from "../domain/describe-fault.ts";
import type { Plan, ProductPlan, StockProbePlan } from "../domain/plan.ts";
import { METRIC_UNITS, type Threshold } from "../domain/threshold.ts";

/** A plan for people: what is started, who buys, what must be true. Ends with a newline. */
export function describePlan(plan: Plan): string {
  const rows: readonly (readonly [string, string])[] = [
    ["stack", stackText(plan)],
    ["shop", plan.target.url ?? plan.target.start?.command.join(" ") ?? ""],
    ["lock", lockText(plan)],
    ["for sale", productsText(plan.products)],
    ["load", loadText(plan)],
    ["must sell", plan.demands.sold === null ? "as many units as stock and buyers allow" : units(plan.demands.sold)],
    ["per buyer", plan.demands.perBuyer === null ? "no limit" : `at most ${units(plan.demands.perBuyer)}`],
    ["first come", firstComeText(plan.demands)],
    ["thresholds", plan.demands.thresholds.map(thresholdText).join(", ") || "none"],
    ["proves only if", contentionText(plan)],
    ...faultRows(plan),
    ["truth from", truthText(plan)],
    ["settling", `quiet for ${time(plan.demands.settle.quietMs)}, within ${time(plan.demands.settle.withinMs)}`],
    ["seed", String(plan.seed)],
    ...controlRows(plan),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const head = [
    `${plan.scenario}: ${plan.title}`,
    ...(plan.tags.length === 0 ? [] : [`tags: ${plan.tags.join(", ")}`]),
  ];
  return [...head, "", ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`), ""].join("\n");
}

function stackText({ stack, target }: Plan): string {
  const nodes = stack.redisNodes === 1 ? "1 Redis node" : `${String(stack.redisNodes)} Redis nodes`;
  const redis = stack.externalRedis.length > 0 ? `Redis at ${stack.externalRedis.join(", ")} (read only)` : nodes;
  if (target.url !== null) return `${redis}; the shop already runs`;
  const servers = stack.replicas === 1 ? "1 server process" : `${String(stack.replicas)} server processes`;
  const tap = stack.tap ? ", a wire tap between them" : "";
  return `${redis}, ${servers}${tap}${stack.port === null ? "" : ` from port ${String(stack.port)}`}`;
}

function lockText({ lock, target }: Plan): string {
  if (lock === null) return "whatever the shop uses";
  const others = target.locks.filter((name) => name !== lock);
  return others.length === 0 ? lock : `${lock} (--lock takes ${others.join(", ")} too)`;
}

function productsText(products: readonly ProductPlan[]): string {
  const shown = products.slice(0, 5).map(({ id, stock }) => `product ${id}: ${units(stock)}`);
  return [...shown, ...(products.length > 5 ? [`… and ${String(products.length - 5)} more`] : [])].join(", ");
}

function loadText(plan: Plan): string {
  const { load } = plan;
  const parts = [
    `${String(load.buyers)} buyers, ${orderText(plan)}`,
    load.spawnRate === null ? "all at once" : `${String(load.spawnRate)} more each second`,
    ...(load.runTimeMs === null ? [] : [`buying on for ${time(load.runTimeMs)}`]),
    ...(load.buyersRepeat ? ["coming back under the same name"] : []),
    ...(load.retry === null
      ? []
      : [`coming back ${time(load.retry.pauseMs)} after a refusal, for ${time(load.retry.withinMs)} at most`]),
    `waiting at most ${time(load.timeoutMs)} for an answer`,
  ];
  return parts.join(", ");
}

/** `1 unit each`, or what is in the baskets of a run. */
function orderText({ load, products }: Plan): string {
  const [first, ...others] = load.orders.map(({ lines }) => lines.toSorted((a, b) => a.product - b.product));
  const quantity = first?.[0]?.quantity ?? 1;
  if (first === undefined || load.orders.every(({ lines }) => lines.length === 1)) return `${units(quantity)} each`;
  const contents = (lines: typeof first): string =>
    lines.map((line) => `${String(line.quantity)} of ${products[line.product]?.id ?? "?"}`).join(", ");
  if (others.every((lines) => contents(lines) === contents(first))) return `each a basket of ${contents(first)}`;
  const sizes = load.orders.map(({ lines }) => lines.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const span = least === most ? String(least) : `${String(least)} to ${String(most)}`;
  return `each a basket of ${span} products (${units(quantity)} of each)`;
}

function firstComeText({ firstCome, firstComePerServer }: Plan["demands"]): string {
  const shares = [
    ...(firstCome === null ? [] : [`at least ${percent(firstCome)} of the units go to the first arrivals`]),
    ...(firstComePerServer === null ? [] : [`at least ${percent(firstComePerServer)} to those of each server`]),
  ];
  return shares.join(", ") || "not judged";
}

function thresholdText({ metric, operator, bound }: Threshold): string {
  return `${metric} ${operator} ${String(bound)}${METRIC_UNITS[metric] === "%" ? "" : " "}${METRIC_UNITS[metric]}`;
}

function contentionText({ demands: { contention } }: Plan): string {
  const spread = contention.spreadMs === null ? "" : `, all sent within ${time(contention.spreadMs)}`;
  return `at least ${String(contention.inFlight)} buyers are in flight at once${spread}`;
}

function truthText({ target }: Plan): string {
  const stock = target.stockProbes.map((probe) => `stock: ${probeText(probe)}`);
  const purchases = target.purchaseProbe === null ? [] : [`purchases: ${target.purchaseProbe.kind}`];
  return [...stock, ...purchases].join("; ") || "nothing: no probe is given";
}

function probeText(probe: StockProbePlan): string {
  if (probe.kind === "redis") return `Redis ${probe.key}${probe.field === null ? "" : ` ${probe.field}`}`;
  return `${probe.name} (${probe.kind})`;
}

function controlRows({ control }: Plan): readonly (readonly [string, string])[] {
  if (control === null) return [];
  return [
    ["broken on purpose", control.flaw],
    ["must be noticed", `${control.check} says ${control.verdict}, the run ${control.run}`],
  ];
}

function units(count: number): string {
  return count === 1 ? "1 unit" : `${String(count)} units`;
}

function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(2)))}%`;
}

function time(ms: number): string {
  return ms >= 1000 ? `${String(ms / 1000)} s` : `${String(ms)} ms`;
}

function faultRows({ faults, demands: { recoveryMs, breaker } }: Plan): readonly (readonly [string, string])[] {
  return [
    ...faults.map((fault, place) => [place === 0 ? "faults" : "", describeFault(fault)] as const),
    ...(recoveryMs === null ? [] : [["recovery", `within ${time(recoveryMs)} of the last healing`] as const]),
    ...(breaker === null
      ? []
      : [["breaker", `opens, refuses with p99 within ${time(breaker.refusalP99Ms)}, closes again`] as const]),
  ];
}
