import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";

export function initCommand(): CommandDefinition<object> {
  return {
    command: new Command("init")
      .description("make a scenario that runs, to be changed into one for your own shop")
      .argument("<name>", "the name of the scenario, and of its folder here")
      .addHelpText("after", "\nExamples:\n  lockbench init my-shop\n  lockbench run ./my-shop"),
    async run(context, operands) {
      const { initialise } = await import("../catalogue.ts");
      return initialise(context, operands[0] ?? "");
    },
  };
}
