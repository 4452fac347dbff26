import { resolve } from "node:path";
import { execa } from "execa";

const binary = resolve("bin/lockbench.js");

/** What a bench looks at in a run record. */
interface Measured {
  readonly metrics: {
    readonly tps: number | null;
    readonly timeToSellOutMs: number | null;
    readonly outcomes: { readonly sold: number };
    readonly latencyMs: { readonly avg: number } | null;
  };
  readonly reason: string;
}

export interface Sample {
  /** From the start of the command to its exit. */
  readonly seconds: number;
  readonly tps: number;
  /** Purchases per second until the stock ran out; NaN when it did not. */
  readonly salesPerSecond: number;
  readonly avgMs: number;
  /** Why the run ended as it did. */
  readonly reason: string;
}

/** A run may miss a threshold or, with a single buyer, be inconclusive: its speed is measured all the same. */
export async function runScenario(options: readonly string[], folder: string): Promise<Sample> {
  const began = process.hrtime.bigint();
  const result = await execa(process.execPath, [binary, "run", ...options, "--json"], { cwd: folder, reject: false });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (result.stdout === "") throw new Error(`no run record: ${options.join(" ")}\n${result.stderr}`);
  const { metrics, reason } = JSON.parse(result.stdout) as Measured;
  return {
    seconds,
    tps: metrics.tps ?? Number.NaN,
    salesPerSecond: (metrics.outcomes.sold * 1000) / (metrics.timeToSellOutMs ?? Number.NaN),
    avgMs: metrics.latencyMs?.avg ?? Number.NaN,
    reason,
  };
}
