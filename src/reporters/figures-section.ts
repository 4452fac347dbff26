import type { LatencyFigures, Metrics } from "../domain/metrics.ts";
import { OUTCOMES } from "../domain/outcome.ts";
import { figure, grouped, milliseconds, perSecond, plural } from "./figure.ts";
import type { Palette } from "./palette.ts";
import { hanging } from "./paragraph.ts";

const LABEL_WIDTH = 14;

/** The figures of a run, a labelled line each; what was not measured is left out or said so. */
export function figureLines(metrics: Metrics, width: number, paint: Palette): string {
  const lines: [string, string][] = [
    ["attempts", attempts(metrics)],
    [
      "throughput",
      metrics.tps === null ? "no answer" : `${perSecond(metrics.tps)} answered, first send to last answer`,
    ],
    ["latency", metrics.latencyMs === null ? "no samples" : latency(metrics.latencyMs)],
    [
      "sold out",
      metrics.timeToSellOutMs === null ? "never" : `${milliseconds(metrics.timeToSellOutMs)} after the first send`,
    ],
    ...(metrics.comebacks === null ? [] : [["came back", comebacks(metrics.comebacks)] satisfies [string, string]]),
    ["in flight", `${grouped(metrics.peakInFlight)} at the peak`],
    ["spread", spread(metrics)],
    ["generator CPU", cpu(metrics.generatorCpuPercent)],
  ];
  const drawn = lines.flatMap(([label, text]) => hanging(`  ${label.padEnd(LABEL_WIDTH)}`, text, width));
  return [paint.title("figures"), ...drawn].join("\n");
}

function attempts({ attempts: all, outcomes, unconnected }: Metrics): string {
  const parts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map(
    (outcome) => `${grouped(outcomes[outcome])} ${outcome}`,
  );
  const told = parts.length === 0 ? grouped(all) : `${grouped(all)}: ${parts.join(", ")}`;
  return (unconnected ?? 0) === 0 ? told : `${told}; ${grouped(unconnected ?? 0)} found no connection`;
}

function comebacks(tries: number): string {
  return tries === 0 ? "nobody" : `${plural(tries, "attempt")} by buyers who had been turned away`;
}

function latency(figures: LatencyFigures): string {
  const { avg, p50, p95, p99, max, samples } = figures;
  const values = Object.entries({ avg, p50, p95, p99, max }).map(([name, value]) => `${name} ${figure(value)}`);
  return `${values.join(", ")} ms (${plural(samples, "sample")})`;
}

function spread({ sendSpreadMs, arrivalSpreadMs }: Metrics): string {
  const arrivals = arrivalSpreadMs === null ? "arrivals not stamped" : `arrivals ${milliseconds(arrivalSpreadMs)}`;
  return `sends ${milliseconds(sendSpreadMs)}, ${arrivals}`;
}

function cpu(percent: number | null): string {
  return percent === null ? "not measured" : `${figure(Math.round(percent))} % of one core`;
}
