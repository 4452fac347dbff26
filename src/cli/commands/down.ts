import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import type { DownOptions } from "../command-options.ts";

export function downCommand(): CommandDefinition<DownOptions> {
  return {
    command: new Command("down")
      .description("stop the stacks that `up` or `run --keep` left in this folder, also after a crash")
      .option("--of <scenario>", "only the stacks of this scenario")
      .option("--all", "stop the stacks of every folder")
      .addHelpText("after", "\nExamples:\n  lockbench down\n  lockbench down --of v1_stress\n  lockbench down --all"),
    async run(context, _operands, options) {
      const { stopStacks } = await import("../stacks.ts");
      return stopStacks(context, options);
    },
  };
}
