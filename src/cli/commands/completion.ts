import { Argument, type Command as Program, Command } from "commander";
import { completionScript, type Shell } from "../completion-script.ts";
import { type CommandDefinition, OK } from "../context.ts";

const EXAMPLES = `
Examples:
  lockbench completion bash >> ~/.bashrc
  lockbench completion zsh > "\${fpath[1]}/_lockbench"
  lockbench completion fish > ~/.config/fish/completions/lockbench.fish`;

/** @param program whose commands and options are completed */
export function completionCommand(program: Program): CommandDefinition<object> {
  return {
    command: new Command("completion")
      .description("print a script that completes commands, options and scenario names in your shell")
      .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(["bash", "zsh", "fish"]))
      .addHelpText("after", EXAMPLES),
    run(context, operands) {
      context.console.result(completionScript(program, operands[0] as Shell));
      return Promise.resolve(OK);
    },
  };
}
