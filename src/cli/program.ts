import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, type Option } from "commander";
import type { Host } from "../host/host.ts";
import { folder } from "./arguments.ts";
import { completionCommand } from "./commands/completion.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { downCommand } from "./commands/down.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { listCommand } from "./commands/list.ts";
import { logsCommand } from "./commands/logs.ts";
import { matrixCommand } from "./commands/matrix.ts";
import { proveCommand } from "./commands/prove.ts";
import { runCommand } from "./commands/run.ts";
import { showCommand } from "./commands/show.ts";
import { statusCommand } from "./commands/status.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { Console } from "./console.ts";
import type { CommandDefinition, Context, Ended } from "./context.ts";
import { blameVariable, environmentName, readEnvironment } from "./environment-options.ts";
import { outputWidth } from "./output-width.ts";
import { reapLeftovers } from "./reap-leftovers.ts";
import { usageWording } from "./usage-wording.ts";

interface GlobalOptions {
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly results: string;
}

/** Longer lines of prose are hard to read. */
const WIDEST_HELP = 100;

const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Commands that only print what is known without a machine: nothing is looked for, so they stay instant. */
const INSTANT = new Set(["completion"]);

export function buildProgram(host: Host, signal: AbortSignal, end: (ended: Ended) => void): Command {
  const version = packageVersion();
  const program = new Command("lockbench")
    .description("Proves, before the flash sale, that an inventory service guarded by a Redis lock cannot oversell.")
    .version(version, "-V, --version")
    .addHelpText("after", TOP_EXAMPLES);
  const commands = [
    withAction(runCommand()),
    withAction(verifyCommand()),
    withAction(proveCommand()),
    withAction(matrixCommand()),
    withAction(upCommand()),
    withAction(downCommand()),
    withAction(statusCommand()),
    withAction(inspectCommand()),
    withAction(logsCommand()),
    withAction(listCommand()),
    withAction(showCommand()),
    withAction(initCommand()),
    withAction(doctorCommand()),
    withAction(completionCommand(program)),
  ];
  for (const command of commands) program.addCommand(command);
  return inherit(program, host);

  function withAction<Options>(definition: CommandDefinition<Options>): Command {
    return addGlobalOptions(definition.command).action(async (...received: unknown[]) => {
      const command = definition.command;
      readEnvironment(command, host.env);
      const options = command.opts<GlobalOptions & Options>();
      const context = contextOf(host, signal, options, version);
      if (!INSTANT.has(command.name())) await reapLeftovers(context);
      const operands = received.slice(0, -2).flat().filter(isText);
      try {
        end(await definition.run(context, operands, options));
      } catch (error) {
        throw blameVariable(command, error);
      }
    });
  }
}

function addGlobalOptions(command: Command): Command {
  return command
    .option("--results <folder>", "where records and evidence are kept", folder, "results")
    .option("--quiet", "results only: no progress, no notes")
    .option("--no-color", "no colours (NO_COLOR and TERM=dumb do the same)");
}

function contextOf(host: Host, signal: AbortSignal, options: GlobalOptions, version: string): Context {
  return {
    host,
    console: new Console(host, { colour: options.color, quiet: options.quiet === true }),
    signal,
    resultsFolder: resolve(host.cwd, options.results),
    packageFolder,
    version,
  };
}

/** Settings that commander does not pass on to commands added with addCommand. */
function inherit(program: Command, host: Host): Command {
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(
        command === program
          ? "  next: lockbench --help lists the commands"
          : `  next: lockbench ${command.name()} --help shows its options and examples`,
      )
      .configureOutput({
        writeOut: (text) => host.stdout.write(text),
        writeErr: (text) => host.stderr.write(text),
        outputError: (text, write) => write(`error: ${usageWording(text)}\n`),
      })
      .configureHelp({ optionDescription: describeOption, helpWidth: Math.min(WIDEST_HELP, outputWidth(host)) });
  }
  return program;
}

function describeOption(option: Option): string {
  const facts = [`env: ${environmentName(option)}`];
  if (option.defaultValue !== undefined && !option.negate && !option.isBoolean()) {
    facts.unshift(`default: ${option.defaultValueDescription ?? String(option.defaultValue)}`);
  }
  const isBuiltIn = option.long === "--help" || option.long === "--version";
  return isBuiltIn ? option.description : `${option.description} (${facts.join(", ")})`;
}

function packageVersion(): string {
  const text = readFileSync(resolve(packageFolder, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const TOP_EXAMPLES = `
Examples:
  lockbench run v1_stress         black Friday against the bundled shop
  lockbench run v1_stress --lock fifo,spin,lua,none
                                  the same sale under four locks, side by side
  lockbench verify                judge the latest run again, from its evidence
  lockbench init my-shop          a scenario for your own shop
  lockbench prove                 show that broken shops are caught

Exit codes: 0 passed, 1 violated, 2 usage, 3 too slow, 4 inconclusive,
5 environment, 129/130/143 interrupted.`;
