import type { Command } from "commander";

/**
 * What was typed, for commander to read. Of a command that there is not it would
 * print the general help, as if all were well, so nothing is asked beside its name.
 */
export function typedWords(program: Command, args: readonly string[]): string[] {
  const [first = "", second = ""] = args;
  const name = first === "help" ? second : first;
  const isCommand = name === "help" || program.commands.some((command) => command.name() === name);
  return name === "" || name.startsWith("-") || isCommand ? [...args] : [name];
}
