import { Command } from "commander";
import { positiveNumber } from "../arguments.ts";
import type { CommandDefinition } from "../context.ts";
import { STACK_HELP } from "../run-options.ts";
import type { ProveOptions } from "../command-options.ts";

const EXAMPLES = `
Examples:
  lockbench prove                       every control and the sound scenarios
  lockbench prove control_no_lock       one control
  lockbench prove --repeat 20           how reliably each flaw is caught
  lockbench prove --stack docker        the same in containers

Exit 0 only if every control is caught by the check it names and no sound
scenario is accused of anything.`;

export function proveCommand(): CommandDefinition<ProveOptions> {
  return {
    command: new Command("prove")
      .description("prove lockbench itself: shops that are broken on purpose must be caught, sound ones must pass")
      .argument("[scenario...]", "only these")
      .option("--repeat <k>", "run each this often", positiveNumber, 1)
      .option("--stack <kind>", STACK_HELP, "auto")
      .option("--json", "the results on stdout and nothing else")
      .addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { prove } = await import("../prove.ts");
      return prove(context, operands, options);
    },
  };
}
