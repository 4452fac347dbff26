import { lstatSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { environmentError } from "../../domain/errors.ts";
import type { Clock } from "../../host/clock.ts";
import { makeFolder } from "../../host/folders.ts";
import type { Host } from "../../host/host.ts";
import type { Environment } from "../../host/programs.ts";
import type { Processes } from "../../host/processes.ts";
import type { Chance } from "../../host/random.ts";
import type { Containers } from "./containers.ts";
import { containersOf } from "./lazy-containers.ts";

/** Where sessions leave their trail, and the parts of the machine that following it needs. */
export interface Runtime {
  /** The folder that holds one folder for each session. */
  readonly folder: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly processes: Processes;
  readonly containers: Containers;
}

/** Sessions lie under LOCKBENCH_RUNTIME_DIR, or in a folder of this user's among the temporary files. */
export function runtimeOf(host: Pick<Host, "env" | "clock" | "chance" | "processes">): Runtime {
  const { env, clock, chance, processes } = host;
  const given = env["LOCKBENCH_RUNTIME_DIR"] ?? "";
  // Services have working folders of their own, so a relative path would lead each of them elsewhere.
  const folder = given === "" ? join(tmpdir(), `lockbench-${String(userInfo().uid)}`) : resolve(given);
  return { folder, env, clock, chance, processes, containers: containersOf(env) };
}

/**
 * Makes sure that the runtime folder exists and is ours alone to write.
 * @throws LockbenchError (exit 5) where it cannot be, since whoever writes there chooses which processes we stop
 */
export function prepareRuntimeFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    throw environmentError("RUNTIME_FOLDER", `runtime folder cannot be made: ${folder}`, {
      hint: "set LOCKBENCH_RUNTIME_DIR to a folder that you may write",
      cause: error,
    });
  }
  const fault = faultOf(folder);
  if (fault === undefined) return;
  throw environmentError(
    "RUNTIME_FOLDER",
    `runtime folder cannot be trusted: ${folder}, expected a folder that only you may write, found ${fault}`,
    {
      hint: "set LOCKBENCH_RUNTIME_DIR to a folder of your own",
    },
  );
}

function faultOf(folder: string): string | undefined {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return "something that is not a folder";
  if (found.uid !== userInfo().uid) return `one of user ${String(found.uid)}`;
  return (found.mode & 0o022) === 0 ? undefined : `mode ${(found.mode & 0o777).toString(8)}`;
}
