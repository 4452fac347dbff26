import { LockbenchError } from "../domain/errors.ts";
import type { Environment } from "../host/programs.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "Docker engine";

/** Which engine `--stack docker` would use. One that does not answer is a warning: the local stack needs none. */
export async function dockerEngine(env: Environment): Promise<DoctorLine> {
  // Its client is slow to load, and no other part of doctor needs it.
  const { connectEngine } = await import("../stacks/docker/engine/connect.ts");
  try {
    const { docker, address, from } = await connectEngine(env);
    const { Version: version } = await docker.version();
    // The usual place needs no reason.
    const why = from === "the default socket" ? "" : ` (${from})`;
    return { name: NAME, health: "ok", found: `${version} at ${address}${why}` };
  } catch (error) {
    if (!(error instanceof LockbenchError)) throw error;
    const advice = `nothing for the local stack; for containers: ${error.hint ?? "start an engine"}`;
    return { name: NAME, health: "warn", found: error.message, advice };
  }
}
