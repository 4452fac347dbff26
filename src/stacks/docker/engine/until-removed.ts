import type Dockerode from "dockerode";
import { statusOf } from "./engine-error.ts";

const LOOK_EVERY_MS = 1000;
const LOOKS = 10;
const GONE = 404;

/**
 * Resolves when a container that is being removed is gone, or after about ten
 * seconds. Asked to wait at the very moment of the removal, an engine may never
 * answer; so it is asked again and again.
 */
export async function untilRemoved(container: Dockerode.Container): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const abortSignal = AbortSignal.timeout(LOOK_EVERY_MS);
    const removed = container.wait({ condition: "removed", abortSignal }).then(
      () => true,
      (error: unknown) => statusOf(error) === GONE,
    );
    if (await removed) return;
  }
}
