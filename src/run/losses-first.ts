import { environmentError } from "../domain/errors.ts";
import type { Clock } from "../host/clock.ts";
import { pollUntil } from "../host/poll.ts";
import type { RunningStack } from "../stacks/stack.ts";

/** How long a death may take to be noticed, in ms: the connection breaks before the process is gone. */
const NOTICED_WITHIN_MS = 500;
const POLL_MS = 50;

/**
 * Does a part of the preparation. When it fails, and a part of the stack was lost meanwhile, then that is the reason.
 * @param what is being done, such as `seeding v1_basic`
 * @throws LockbenchError (exit 5) that names what was lost, or whatever `work` throws
 */
export async function lossesFirst<Result>(
  what: string,
  stack: Pick<RunningStack, "casualties">,
  clock: Clock,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const lost = await pollUntil({ clock, everyMs: POLL_MS, withinMs: NOTICED_WITHIN_MS }, async () => {
      const casualties = await stack.casualties();
      return casualties.length === 0 ? undefined : casualties.map((one) => one.what).join("; ");
    });
    if (lost === undefined) throw error;
    throw environmentError("STACK_LOST", `${what}: the stack did not stay whole: ${lost}`, {
      hint: "run it again; if nobody touched the stack, the log above says why it died (of a stack that stays: lockbench down, then up)",
      cause: error,
    });
  }
}
