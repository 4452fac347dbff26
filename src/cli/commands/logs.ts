import { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import type { CommandDefinition } from "../context.ts";
import type { LogsOptions } from "../command-options.ts";

export function logsCommand(): CommandDefinition<LogsOptions> {
  return {
    command: new Command("logs")
      .description("the logs of the stack that is up in this folder")
      .argument("[service]", "such as app, redis or redis1; all if left out")
      .option("-f, --follow", "go on printing what is added, until Ctrl-C")
      .option("-n, --lines <n>", "how many lines of each log to begin with; 0 for none", wholeNumber, 50)
      .option("--of <scenario>", "of the stack of this scenario, where several are up")
      .addHelpText("after", "\nExamples:\n  lockbench logs\n  lockbench logs app -f\n  lockbench logs redis -n 5"),
    async run(context, operands, options) {
      const { showLogs } = await import("../logs.ts");
      return showLogs(context, operands[0], options);
    },
  };
}
