import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plan } from "../../domain/plan.ts";
import type { Environment } from "../../host/programs.ts";
import { fingerprint } from "../fingerprint.ts";
import { composeFileFor } from "./topology.ts";

/** Settings of the Compose files that change what is brought up. */
const SETTINGS = ["LOCKBENCH_NODE_IMAGE", "LOCKBENCH_REDIS_IMAGE"];

/** Equal for two plans exactly when containers brought up for one serve the other. */
export function fingerprintInside(plan: Plan, lockbench: string, env: Environment): string {
  const parts = [
    fingerprint(plan, lockbench),
    readFileSync(composeFileFor(plan, lockbench), "utf8"),
    ...SETTINGS.map((name) => env[name] ?? ""),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
