import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import type { StatusOptions } from "../command-options.ts";

export function statusCommand(): CommandDefinition<StatusOptions> {
  return {
    command: new Command("status")
      .description("what is running: health, port, process and uptime of each service")
      .option("--all", "the stacks of every folder")
      .option("--json", "as JSON on stdout and nothing else")
      .addHelpText("after", "\nExamples:\n  lockbench status\n  lockbench status --all --json"),
    async run(context, _operands, options) {
      const { showStatus } = await import("../stacks.ts");
      return showStatus(context, options);
    },
  };
}
