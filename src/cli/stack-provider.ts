import { environmentError, LockbenchError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import { redisInstallHint } from "../stacks/local/redis-program.ts";
import { createLocalStack } from "../stacks/local.ts";
import { listSessions } from "../stacks/sessions/folders.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { RunningStack, StackProvider, UpOptions } from "../stacks/stack.ts";
import type { Context } from "./context.ts";
import { onceEach } from "./once-each.ts";
import { chooseKind, type StackKind } from "./stack-kind.ts";

/** The stack that `--stack` asks for. The client of the Docker engine is loaded only when it is needed. */
export function createStack(context: Context, kind: StackKind): StackProvider {
  const runtime = runtimeOf(context.host);
  const once = onceEach((line) => context.console.note(line));
  const note = (line: string): void => once(line, "stack");
  const local = createLocalStack({ runtime, lockbench: context.packageFolder, note });
  const docker = containerStack(context, note);
  if (kind === "local") return local;
  return kind === "docker" ? docker : autoStack(context, local, docker, note);
}

function containerStack(context: Context, note: (line: string) => void): StackProvider {
  const { version, packageFolder: lockbench } = context;
  const loaded = async (): Promise<StackProvider> =>
    (await import("../stacks/docker.ts")).createDockerStack({
      runtime: runtimeOf(context.host),
      lockbench,
      version,
      note,
    });
  return {
    name: "docker",
    up: async (plan, up) => (await loaded()).up(plan, up),
    // Most folders have no stack in containers, and then there is nothing to load.
    attach: async (plan, up) =>
      listSessions(runtimeOf(context.host), up.folder).some(({ session }) => session.kind === "docker")
        ? (await loaded()).attach(plan, up)
        : undefined,
  };
}

/** Whatever is up and fits; else what this machine can bring up. */
function autoStack(
  context: Context,
  local: StackProvider,
  docker: StackProvider,
  note: (line: string) => void,
): StackProvider {
  return {
    name: "auto",
    async up(plan, up) {
      const { kind, why } = chooseKind(plan, context.host.env);
      note(`stack: ${kind}, ${why}`);
      return kind === "local" ? local.up(plan, up) : upInContainers(context, docker, plan, up);
    },
    attach: async (plan, up) => (await local.attach(plan, up)) ?? (await docker.attach(plan, up)),
  };
}

/** Nobody asked for Docker here, so its absence is not the whole story. */
async function upInContainers(
  { host: { env } }: Context,
  docker: StackProvider,
  plan: Plan,
  up: UpOptions,
): Promise<RunningStack> {
  try {
    return await docker.up(plan, up);
  } catch (error) {
    if (!(error instanceof LockbenchError) || !error.code.includes("ENGINE")) throw error;
    throw environmentError(
      "NO_STACK",
      `no stack can be brought up: neither redis-server nor valkey-server is on PATH, and ${error.message}`,
      { hint: `${redisInstallHint(env)}; or for containers: ${error.hint ?? "start a Docker engine"}`, cause: error },
    );
  }
}
