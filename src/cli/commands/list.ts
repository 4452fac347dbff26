import { Command } from "commander";
import { names } from "../arguments.ts";
import type { CommandDefinition } from "../context.ts";
import type { ListOptions } from "../command-options.ts";

export function listCommand(): CommandDefinition<ListOptions> {
  return {
    command: new Command("list")
      .description("the scenarios there are: the bundled ones, and those of this folder")
      .option("--tags <tags>", "only scenarios with one of these tags", names)
      .option("--runs", "the latest runs that are kept under results/, instead of scenarios")
      .option("--names", "names only, one a line")
      .option("--json", "as JSON on stdout and nothing else")
      .addHelpText("after", "\nExamples:\n  lockbench list\n  lockbench list --tags control\n  lockbench list --runs"),
    async run(context, _operands, options) {
      if (options.runs === true) {
        const { listRuns } = await import("../kept-runs.ts");
        return listRuns(context, options);
      }
      const { listAll } = await import("../catalogue.ts");
      return listAll(context, options);
    },
  };
}
