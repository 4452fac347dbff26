import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plan } from "../../domain/plan.ts";
import { fingerprint } from "../fingerprint.ts";
import { engineAddress } from "./engine/address.ts";
import type { DockerStackOptions } from "./options.ts";
import { composeFileFor } from "./topology.ts";

/**
 * Equal for two plans exactly when containers brought up for one serve the other.
 * @param images of the services, and the tag of the server's
 */
export function fingerprintInside(
  plan: Plan,
  { runtime, lockbench }: DockerStackOptions,
  images: readonly (string | null)[],
): string {
  const parts = [
    fingerprint(plan, lockbench),
    readFileSync(composeFileFor(plan, lockbench), "utf8"),
    images,
    engineAddress(runtime.env).address,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
