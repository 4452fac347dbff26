import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import type { VerifyOptions } from "../command-options.ts";

const EXAMPLES = `
Examples:
  lockbench verify                                   the latest run
  lockbench verify 20261123T150405.123Z-v1_stress-1a2b
                                                     one of those under results/
  lockbench verify results/20261123T150405.123Z-v1_stress-1a2b`;

export function verifyCommand(): CommandDefinition<VerifyOptions> {
  return {
    command: new Command("verify")
      .description("judge a run again: from its stack if that is still up, else from the evidence kept with it")
      .argument("[run]", "a run's id or folder; the latest if left out")
      .option("--json", "the record of the new judgement on stdout and nothing else")
      .addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { verify } = await import("../verify.ts");
      return verify(context, operands[0], options);
    },
  };
}
