import { type LockbenchError, usageError } from "../domain/errors.ts";
import { missingTargets } from "./faults.ts";
import type { Scenario } from "./scenario.ts";
import { LARGEST_SEED, MOST_BUYERS, MOST_SPAWNED } from "./schema/load.ts";
import { MOST_REPLICAS, MOST_STOCK } from "./schema/scenario.ts";
import { didYouMean } from "../host/suggest.ts";

/** What flags or the environment change of a scenario; undefined leaves it as it is. */
export interface Overrides {
  readonly users?: number | undefined;
  /** Units of each product. */
  readonly stock?: number | undefined;
  /** Buyers that begin each second. */
  readonly spawnRate?: number | undefined;
  /** In ms. */
  readonly runTime?: number | undefined;
  readonly replicas?: number | undefined;
  readonly lock?: string | undefined;
  readonly seed?: number | undefined;
  readonly port?: number | undefined;
}

const DAY_MS = 86_400_000;

/** @throws LockbenchError (exit 2) with every override that this scenario cannot bear, a line each */
export function checkOverrides(scenario: Scenario, overrides: Overrides): void {
  const lines = [
    outside("--users", overrides.users, 1, MOST_BUYERS),
    outside("--stock", overrides.stock, 1, MOST_STOCK),
    outside("--replicas", overrides.replicas, 1, MOST_REPLICAS),
    outside("--seed", overrides.seed, 0, LARGEST_SEED),
    outside("--port", overrides.port, 1, 65_535),
    beyond("--spawn-rate", "buyers per second", overrides.spawnRate, MOST_SPAWNED),
    beyond("--run-time", "ms", overrides.runTime, DAY_MS),
    twiceRepeated(scenario, overrides.runTime),
    wrongLock(scenario, overrides.lock),
    alreadyRunning(scenario, "--replicas", (overrides.replicas ?? 1) > 1 ? overrides.replicas : undefined),
    alreadyRunning(scenario, "--port", overrides.port),
    ...missingServers(scenario, overrides.replicas),
  ].filter((line) => line !== undefined);
  if (lines.length > 0) throw badOverrides(lines);
}

function badOverrides(lines: readonly string[]): LockbenchError {
  return usageError(lines.join("\n"), "`lockbench show <scenario>` prints what a scenario says by itself");
}

function outside(option: string, value: number | undefined, from: number, to: number): string | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return undefined;
  return `${option}: expected a whole number from ${String(from)} to ${String(to)}, found ${String(value)}`;
}

function beyond(option: string, unit: string, value: number | undefined, to: number): string | undefined {
  if (value === undefined || (value > 0 && value <= to)) return undefined;
  return `${option}: expected more than 0 and at most ${String(to)} ${unit}, found ${String(value)}`;
}

function twiceRepeated({ spec: { load } }: Scenario, runTime: number | undefined): string | undefined {
  if (runTime === undefined || load.retry === undefined) return undefined;
  return `--run-time: expected none, since buyers of this scenario come back by themselves (load.retry), found ${String(runTime)} ms`;
}

function wrongLock({ name, target: { locks } }: Scenario, lock: string | undefined): string | undefined {
  if (lock === undefined || locks.includes(lock)) return undefined;
  if (locks.length === 0) return `--lock: expected no lock, since the target of ${name} lists none, found "${lock}"`;
  return `--lock: expected one of ${locks.join(", ")}, found "${lock}"${didYouMean(lock, locks)}`;
}

/** A fault may name a server that fewer replicas do not have. */
function missingServers({ spec }: Scenario, replicas: number | undefined): string[] {
  if (replicas === undefined) return [];
  return spec.faults.flatMap((fault, place) =>
    missingTargets(fault, { servers: replicas }).map(
      ({ path, expected, found }) =>
        `--replicas: faults[${String(place)}].${path.join(".")}: expected ${expected}, found ${found}`,
    ),
  );
}

function alreadyRunning({ target }: Scenario, option: string, value: number | undefined): string | undefined {
  if (value === undefined || target.url === null) return undefined;
  return `${option}: expected none, since the shop already runs at ${target.url}, found ${String(value)}`;
}
