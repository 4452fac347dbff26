import { resolve } from "node:path";
import type {
  OutcomeRule,
  PurchaseProbePlan,
  SeedPlan,
  StartPlan,
  StockProbePlan,
  TargetPlan,
} from "../domain/plan.ts";
import type { Path } from "../host/yaml/path.ts";
import type { TargetSpec } from "./schema/target.ts";

const COMMAND_WITHIN_MS = 30_000;

/** The folder of the file that says the value at a path of the target. */
export type FolderOf = (path: Path) => string;

/** Makes the contract as it is written into the contract as it is carried out. */
export function targetPlan(spec: TargetSpec, folderOf: FolderOf): TargetPlan {
  return {
    start: spec.start === undefined ? null : startPlan(spec.start, folderOf),
    url: spec.url === undefined ? null : new URL(spec.url).origin,
    ready: { path: spec.ready.path, status: spec.ready.status, withinMs: spec.ready.within },
    seed: spec.seed.map((step, place) =>
      seedPlan(step, (file) => fileAt(file, folderOf(["seed", place, "sqlite", "file"]))),
    ),
    purchase: spec.purchase,
    outcomes: spec.outcomes.map(outcomeRule),
    answer: {
      arrivedAt: spec.answer.arrived_at ?? null,
      grantedAt: spec.answer.granted_at ?? null,
      remaining: spec.answer.remaining ?? null,
      fencingToken: spec.answer.fencing_token ?? null,
      breaker: spec.answer.breaker ?? null,
      breakerSince: spec.answer.breaker_since ?? null,
    },
    stockProbes: spec.probes.stock.map((probe, place) =>
      stockProbePlan(probe, (file) => fileAt(file, folderOf(["probes", "stock", place, "sqlite", "file"]))),
    ),
    purchaseProbe: purchaseProbePlan(spec.probes.purchases, (file) =>
      fileAt(file, folderOf(["probes", "purchases", "sqlite", "file"])),
    ),
    locks: spec.locks,
    lockKeys:
      spec.lock_keys === undefined ? null : { lock: spec.lock_keys.lock, guarded: spec.lock_keys.guarded ?? null },
  };
}

/** A path that begins with a placeholder becomes absolute when it is filled in. */
export function fileAt(file: string, folder: string): string {
  return file.startsWith("${") ? file : resolve(folder, file);
}

function startPlan(start: NonNullable<TargetSpec["start"]>, folderOf: FolderOf): StartPlan {
  const cwd = start.cwd === undefined ? folderOf(["start", "command"]) : fileAt(start.cwd, folderOf(["start", "cwd"]));
  return { command: start.command, cwd, env: start.env, stopWithinMs: start.stop_within };
}

function seedPlan(step: TargetSpec["seed"][number], at: (file: string) => string): SeedPlan {
  if (step.redis !== undefined) return { kind: "redis", commands: step.redis };
  if (step.sqlite !== undefined)
    return { kind: "sqlite", file: at(step.sqlite.file), statements: step.sqlite.statements };
  if (step.http !== undefined) return { kind: "http", ...step.http };
  return { kind: "command", command: step.command ?? [], withinMs: step.within ?? COMMAND_WITHIN_MS };
}

function outcomeRule(rule: TargetSpec["outcomes"][number]): OutcomeRule {
  return { outcome: rule.is, status: rule.status ?? null, body: rule.body, bodyMatches: rule.body_matches ?? null };
}

/** A probe's own name, or what its kind is called: `redis`, `database`, `shop`. */
export function probeName(probe: TargetSpec["probes"]["stock"][number]): string {
  return probe.name ?? (probe.redis !== undefined ? "redis" : probe.sqlite !== undefined ? "database" : "shop");
}

function stockProbePlan(probe: TargetSpec["probes"]["stock"][number], at: (file: string) => string): StockProbePlan {
  const name = probeName(probe);
  if (probe.redis !== undefined) return { kind: "redis", name, key: probe.redis.key, field: probe.redis.field ?? null };
  if (probe.sqlite !== undefined)
    return { kind: "sqlite", name, file: at(probe.sqlite.file), query: probe.sqlite.query };
  return { kind: "http", name, path: probe.http?.path ?? "/", value: probe.http?.value ?? "" };
}

function purchaseProbePlan(
  probe: TargetSpec["probes"]["purchases"],
  at: (file: string) => string,
): PurchaseProbePlan | null {
  if (probe?.sqlite !== undefined) return { kind: "sqlite", file: at(probe.sqlite.file), query: probe.sqlite.query };
  if (probe?.http === undefined) return null;
  const { path, rows, fields } = probe.http;
  return { kind: "http", path, rows, fields: withoutGaps(fields) };
}

function withoutGaps(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, path]) => (path === undefined ? [] : [[name, path]])),
  );
}
