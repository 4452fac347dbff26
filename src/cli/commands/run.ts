import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import { addRunOptions, type RunOptions } from "../run-options.ts";

const EXAMPLES = `
Examples:
  lockbench run v1_stress
  lockbench run v1_stress --lock fifo,spin,lua,none   four locks side by side
  lockbench run 'v1_*' --repeat 20 --until-fail       look for a rare failure
  lockbench run ./my-shop --users 3000 --stock 1000   your own, but larger
  lockbench run v1_basic --run-time 10s --users 50    a sustained load
  lockbench run v1_stress --json | jq .verdict`;

export function runCommand(): CommandDefinition<RunOptions> {
  return {
    command: addRunOptions(
      new Command("run")
        .description("run scenarios and judge them: names, globs, or paths to a scenario's folder")
        .argument("[scenario...]", "such as v1_stress, 'v1_*' or ./my-shop"),
    ).addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { runScenarios } = await import("../run-scenarios.ts");
      return runScenarios(context, operands, options);
    },
  };
}
