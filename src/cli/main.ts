import { CommanderError } from "commander";
import { type ExitCode, exitCode, LockbenchError, messageOf } from "../domain/errors.ts";
import { worstExit } from "../domain/worst-exit.ts";
import { Console } from "./console.ts";
import type { Host } from "../host/host.ts";
import type { Ended } from "./context.ts";
import { interruptionOf } from "./interruption.ts";
import { buildProgram } from "./program.ts";
import { typedWords } from "./typed-words.ts";
import { usageWording } from "./usage-wording.ts";

/**
 * Runs one command.
 * @returns the exit code
 */
export async function main(host: Host): Promise<number> {
  const signal = interruptionOf(host);
  const plain = new Console(host, { colour: !host.args.includes("--no-color"), quiet: false });
  let ended: Ended = { exit: 0 };
  try {
    const program = buildProgram(host, signal, (result) => {
      ended = result;
    });
    await program.parseAsync(typedWords(program, host.args), { from: "user" });
    if (!hasHeard(ended, signal)) signal.throwIfAborted();
  } catch (error) {
    ended = failure(plain, signal.aborted ? signal.reason : error);
  }
  printLastLine(plain, ended);
  return judgeOutput(host, plain, ended.exit);
}

/** True for a command that has ended as an interruption asks, and has nothing more to say of it. */
function hasHeard({ exit }: Ended, { reason }: AbortSignal): boolean {
  return reason instanceof LockbenchError && exit === reason.exit;
}

/** A result that could not be written is no result: `--json > file` on a full disk must not exit 0. */
async function judgeOutput(host: Host, console: Console, exit: ExitCode): Promise<ExitCode> {
  const trouble = await host.stdout.flushed();
  if (trouble === undefined) return exit;
  const reason = `the results could not be written to stdout: ${trouble.message}`;
  const worst = worstExit([exit, exitCode.environment]);
  printLastLine(console, { exit: worst, reason, reasonTo: "stderr" });
  return worst;
}

function failure(console: Console, error: unknown): Ended {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exit: exitCode.passed };
    if (error.code === "commander.help") {
      return { exit: exitCode.usage, reason: "command: expected one, found none", reasonTo: "stderr" };
    }
    return {
      exit: exitCode.usage,
      reason: usageWording(error.message).split("\n")[0] ?? "",
      reasonTo: "stderr",
    };
  }
  if (error instanceof LockbenchError) {
    console.warn(`${console.chalk.red("error:")} ${error.message}`);
    if (error.hint !== undefined) console.warn(`  ${console.chalk.cyan("next:")} ${error.hint}`);
    return { exit: error.exit, reason: error.message.split("\n")[0] ?? error.message, reasonTo: "stderr" };
  }
  console.warn(
    `${console.chalk.red("error:")} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  console.warn("  this is a defect of lockbench; please report it with the lines above");
  return { exit: exitCode.environment, reason: `unexpected: ${messageOf(error)}`, reasonTo: "stderr" };
}

function printLastLine(console: Console, { exit, reason, reasonTo }: Ended): void {
  if (reason === undefined) return;
  const line = `exit ${String(exit)}: ${reason}`;
  if (reasonTo === "stderr") console.warn(line);
  else console.result(line);
}
