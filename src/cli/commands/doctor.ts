import { Command } from "commander";
import type { CommandDefinition } from "../context.ts";
import type { DoctorOptions } from "../command-options.ts";

export function doctorCommand(): CommandDefinition<DoctorOptions> {
  return {
    command: new Command("doctor")
      .description("what this machine has, what is missing, and what to type")
      .option("--json", "as JSON on stdout and nothing else")
      .addHelpText("after", "\nExamples:\n  lockbench doctor"),
    async run(context, _operands, options) {
      const { showDoctor } = await import("../doctor.ts");
      return showDoctor(context, options);
    },
  };
}
