import type { Command } from "commander";
import { duration, names, port, positiveNumber, rate, wholeNumber } from "./arguments.ts";

/** Options of every command that brings up a stack. */
export interface StackOptions {
  readonly stack: string;
  readonly replicas?: number;
  readonly port?: number;
  readonly allowRemote?: boolean;
}

export const STACK_HELP =
  "how stacks are brought up: local (processes), docker (containers), or auto: what this machine has";

export function addStackOptions(command: Command): Command {
  return command
    .option("--stack <kind>", STACK_HELP, "auto")
    .option("--replicas <n>", "server processes that share the load", positiveNumber)
    .option("--port <port>", "a fixed port for the first server instead of a free one", port)
    .option("--allow-remote", "allow a target outside the loopback range");
}

/** Options that change what a scenario says. */
export interface LoadOptions {
  readonly users?: number;
  readonly stock?: number;
  readonly spawnRate?: number;
  readonly runTime?: number;
  readonly seed?: number;
}

function addLoadOptions(command: Command): Command {
  return command
    .option("--users <n>", "buyers", positiveNumber)
    .option("--stock <n>", "units of each product", wholeNumber)
    .option("--spawn-rate <n>", "buyers that begin each second, instead of all at once", rate)
    .option("--run-time <duration>", "how long each buyer goes on buying, such as 30s", duration)
    .option("--seed <n>", "seed of whatever is drawn at random", wholeNumber);
}

export interface RunOptions extends StackOptions, LoadOptions {
  readonly lock?: readonly string[];
  readonly repeat: number;
  readonly untilFail?: boolean;
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly tags?: readonly string[];
}

export function addRunOptions(command: Command): Command {
  return addLoadOptions(addStackOptions(command))
    .option("--lock <names>", "locks to try, with commas between them: one row for each, side by side", names)
    .option("--repeat <k>", "run everything this often, and tell how often each check failed", positiveNumber, 1)
    .option("--until-fail", "with --repeat: stop at the first run that does not pass")
    .option("--json", "the run record on stdout and nothing else; a list when there are several")
    .option("--keep", "leave the stack up afterwards")
    .option("--tags <tags>", "only scenarios with one of these tags", names);
}
