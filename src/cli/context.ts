import type { Command } from "commander";
import type { ExitCode } from "../domain/errors.ts";
import type { Host } from "../host/host.ts";
import type { Console } from "./console.ts";

/** What a command is handed besides its own options. */
export interface Context {
  readonly host: Host;
  readonly console: Console;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Where records and evidence are kept. */
  readonly resultsFolder: string;
  /** The installed package: bundled scenarios, server and docs. */
  readonly packageFolder: string;
  readonly version: string;
}

/** How a command ended: its exit code, and the reason that is printed as the last line where there is one. */
export interface Ended {
  readonly exit: ExitCode;
  readonly reason?: string;
  /** Where the last line goes: stderr when stdout carries JSON. */
  readonly reasonTo?: "stdout" | "stderr";
}

export const OK: Ended = { exit: 0 };

/** A command: its options, its help, and what it does with them. */
export interface CommandDefinition<Options> {
  readonly command: Command;
  run(context: Context, operands: readonly string[], options: Options): Promise<Ended>;
}
