import type Dockerode from "dockerode";
import { environmentError, LockbenchError } from "../../../domain/errors.ts";
import type { ComposeBuild, ComposeService } from "../compose/project.ts";
import { buildContext, SENT_DOCKERFILE } from "./build-context.ts";
import { BuildOutput } from "./build-output.ts";
import { saidBy } from "./engine-error.ts";
import { messagesOf } from "./messages.ts";
import { quoteTail } from "./quote-tail.ts";
import type { RareLines } from "./rare-lines.ts";

export interface BuildOrder {
  readonly docker: Dockerode;
  readonly service: ComposeService;
  readonly build: ComposeBuild;
  /** Given to the image. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly progress: RareLines;
}

/** On every image built here: `docker image prune --all --filter label=dev.lockbench.image` finds them. */
const IMAGE_LABEL = "dev.lockbench.image";

/**
 * Builds an image with the engine's classic builder and its cache. A stack's
 * own labels are not put on it: it outlives the stack, and they would make it
 * another image each time.
 * @throws LockbenchError (exit 5, code BUILD_FAILED) with the step that failed and the end of its output
 */
export async function buildImage({ docker, service, build, name, signal, progress }: BuildOrder): Promise<void> {
  progress.always(`building ${name}`);
  const output = new BuildOutput();
  try {
    const stream = await docker.buildImage(buildContext(service.name, build), {
      t: name,
      dockerfile: SENT_DOCKERFILE,
      buildargs: { ...build.args },
      labels: { ...build.labels, [IMAGE_LABEL]: service.name },
      rm: true,
      forcerm: true,
      abortSignal: signal,
      ...(build.target === null ? {} : { target: build.target }),
    });
    for await (const message of messagesOf(stream as AsyncIterable<unknown>)) {
      output.take(message);
      progress.sometimes(() => `building ${name}: ${output.step === "" ? "preparing" : output.step}`);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LockbenchError) throw error;
    throw buildFailure(service, build, saidBy(error), output, error);
  }
  if (output.failure !== undefined) throw buildFailure(service, build, output.failure, output);
}

function buildFailure(
  { name, at }: ComposeService,
  build: ComposeBuild,
  said: string,
  output: BuildOutput,
  cause?: unknown,
): LockbenchError {
  const where = output.step === "" ? "before the first step" : `at ${output.step}`;
  const message = `${name} (${at}) cannot be built: failed ${where}: ${said}`;
  const hint = /pull access denied|manifest|no such host|dial tcp|TLS handshake|i\/o timeout/i.test(said)
    ? "its base image cannot be pulled: check name and network; LOCKBENCH_NODE_IMAGE chooses another one for the bundled server"
    : `look at ${build.dockerfile}`;
  return environmentError(
    "BUILD_FAILED",
    `${message}\n${quoteTail(output.tail(), "the end of its output", "it printed nothing")}`,
    {
      hint,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
