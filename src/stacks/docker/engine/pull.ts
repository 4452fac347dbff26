import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import { saidBy } from "./engine-error.ts";
import { messagesOf } from "./messages.ts";
import { PullProgress } from "./pull-progress.ts";
import type { RareLines } from "./rare-lines.ts";

/**
 * Fetches an image from its registry.
 * @throws LockbenchError (exit 5, code NO_IMAGE) with what the engine said
 */
export async function pullImage(
  docker: Dockerode,
  image: string,
  signal: AbortSignal,
  progress: RareLines,
): Promise<void> {
  progress.always(`pulling ${image}`);
  try {
    const stream = (await docker.pull(image, { abortSignal: signal })) as AsyncIterable<unknown>;
    const state = new PullProgress();
    for await (const message of messagesOf(stream)) {
      if (message.error !== undefined) throw new Error(message.error);
      state.take(message);
      progress.sometimes(() => `pulling ${image}: ${state.describe()}`);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw environmentError("NO_IMAGE", `image ${image} cannot be pulled: the Docker engine says: ${saidBy(error)}`, {
      hint: "check its name and the network; where no registry can be reached, LOCKBENCH_NODE_IMAGE and LOCKBENCH_REDIS_IMAGE choose other images for the bundled stacks",
      cause: error,
    });
  }
}
