import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import type { ShowOptions } from "../command-options.ts";

export function showCommand(): CommandDefinition<ShowOptions> {
  return {
    command: new Command("show")
      .description("what a scenario does and demands, with its README")
      .argument("<scenario>", "a name, or a path to a scenario's folder")
      .option("--json", "the plan with every default filled in, as JSON on stdout and nothing else")
      .addHelpText("after", "\nExamples:\n  lockbench show v1_stress\n  lockbench show ./my-shop --json"),
    async run(context, operands, options) {
      const { showScenario } = await import("../catalogue.ts");
      return showScenario(context, operands[0] ?? "", options);
    },
  };
}
