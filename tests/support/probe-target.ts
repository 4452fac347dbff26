import type { ProbeTarget } from "../../src/probes/probe.ts";

/** A probe target with only what a test names. */
export function probeTarget(parts: Partial<ProbeTarget>): ProbeTarget {
  return { server: "http://127.0.0.1:1", redis: [], variables: {}, databases: null, folder: "/", ...parts };
}
