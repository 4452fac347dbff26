import { environmentError } from "../domain/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Environment } from "./programs.ts";
import type { Processes } from "./processes.ts";
import { type Chance, systemChance } from "./random.ts";
import { onStopSignal, type StopSignal } from "./signals.ts";
import { steadyStream, type TextStream } from "./streams.ts";
import { systemProcesses } from "./system-processes.ts";

/** The machine that lockbench runs on, handed to whoever needs a part of it. */
export interface Host {
  readonly cwd: string;
  readonly args: readonly string[];
  /** Such as `v20.20.2`. */
  readonly nodeVersion: string;
  readonly env: Environment;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly processes: Processes;
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
}

export function systemHost(): Host {
  return {
    // Asked for when it is needed, so that a command in a folder that is gone can say so.
    get cwd() {
      return currentFolder();
    },
    args: process.argv.slice(2),
    nodeVersion: process.version,
    env: process.env,
    stdout: steadyStream(process.stdout),
    stderr: steadyStream(process.stderr),
    clock: systemClock(),
    chance: systemChance(),
    processes: systemProcesses(),
    onStopSignal,
  };
}

/** @throws LockbenchError (exit 5) when the folder has been removed */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw environmentError("NO_FOLDER", "current folder: expected one that exists, found that it has been removed", {
      hint: "cd to another folder",
      cause: error,
    });
  }
}
