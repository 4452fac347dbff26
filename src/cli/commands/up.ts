import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import { addStackOptions } from "../run-options.ts";
import type { UpOptions } from "../command-options.ts";

const EXAMPLES = `
Examples:
  lockbench up                          the stack of v1_stress
  lockbench up v1_stress --replicas 2   two server processes
  lockbench up ./my-shop                your own shop
  lockbench up --stack docker           the same as containers
Then: lockbench run v1_stress, lockbench status, lockbench logs, lockbench down`;

export function upCommand(): CommandDefinition<UpOptions> {
  return {
    command: addStackOptions(
      new Command("up")
        .description("bring up a scenario's stack and leave it running; `run` in this folder uses it if it fits")
        .argument("[scenario]", "whose stack", "v1_stress"),
    )
      .option("--lock <name>", "the lock that the servers use")
      .addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { bringUp } = await import("../stacks.ts");
      return bringUp(context, operands[0] ?? "v1_stress", options);
    },
  };
}
