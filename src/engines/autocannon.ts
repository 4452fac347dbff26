import { systemClock } from "../host/clock.ts";
import { Load } from "./autocannon/load.ts";
import { startStopwatch } from "./autocannon/stopwatch.ts";
import type { Engine, LoadJob, LoadResult } from "./engine.ts";

/** Sends buyers with autocannon's client and keeps its own record of every attempt. */
export const autocannonEngine: Engine = { name: "autocannon", fire };

async function fire(job: LoadJob): Promise<LoadResult> {
  return new Load(job, startStopwatch(systemClock())).run();
}
