import { Argument, Command } from "commander";
import { positiveNumber } from "../arguments.ts";
import type { CommandDefinition } from "../context.ts";
import type { InspectOptions } from "../command-options.ts";

const EXAMPLES = `
Examples:
  lockbench inspect stock              units left according to each witness
  lockbench inspect locks              owner's token and time to live of each
  lockbench inspect purchases --last 3 how many there are, and the last rows`;

export function inspectCommand(): CommandDefinition<InspectOptions> {
  return {
    command: new Command("inspect")
      .description("look into the stack that is up in this folder")
      .addArgument(new Argument("<what>", "stock, locks or purchases").choices(["stock", "locks", "purchases"]))
      .option("--last <n>", "how many of the last purchases to show", positiveNumber, 10)
      .option("--of <scenario>", "the stack of this scenario, where several are up")
      .option("--json", "as JSON on stdout and nothing else")
      .addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { inspect } = await import("../inspect.ts");
      return inspect(context, operands[0] ?? "stock", options);
    },
  };
}
