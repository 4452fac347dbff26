import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plan } from "../../domain/plan.ts";
import { fingerprint } from "../fingerprint.ts";
import { engineAddress } from "./engine/address.ts";
import { imageVersion } from "./image-version.ts";
import type { DockerStackOptions } from "./options.ts";
import { composeFileFor } from "./topology.ts";

/** Equal for two plans exactly when containers brought up for one serve the other. */
export function fingerprintInside(plan: Plan, { runtime: { env }, lockbench, version }: DockerStackOptions): string {
  const parts = [
    fingerprint(plan, lockbench),
    readFileSync(composeFileFor(plan, lockbench), "utf8"),
    imageVersion(lockbench, version, env),
    env["LOCKBENCH_REDIS_IMAGE"] ?? "",
    engineAddress(env).address,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
