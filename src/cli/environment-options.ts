import { type Command, InvalidArgumentError, type Option } from "commander";
import { LockbenchError, usageError } from "../domain/errors.ts";
import type { Environment } from "../host/programs.ts";

const ON = ["1", "true", "yes", "on"];
const OFF = ["", "0", "false", "no", "off"];

/** The environment variable of an option: `--spawn-rate` is `LOCKBENCH_SPAWN_RATE`. */
export function environmentName(option: Option): string {
  return `LOCKBENCH_${(option.long ?? option.name()).replace(/^--/, "").replaceAll("-", "_").toUpperCase()}`;
}

/**
 * Takes every option that was not typed from the environment, so that the
 * precedence is default < scenario < environment < flag for all options alike.
 * @throws LockbenchError (exit 2) naming the variable whose value does not fit
 */
export function readEnvironment(command: Command, environment: Environment): void {
  for (const option of command.options) {
    const name = environmentName(option);
    const text = environment[name];
    const attribute = option.attributeName();
    if (text === undefined || command.getOptionValueSource(attribute) === "cli") continue;
    const value =
      option.isBoolean() || option.negate ? onOrOff(name, text) !== option.negate : parsed(option, name, text);
    command.setOptionValueWithSource(attribute, value, "env");
  }
}

function onOrOff(name: string, text: string): boolean {
  const word = text.toLowerCase();
  if (ON.includes(word)) return true;
  if (OFF.includes(word)) return false;
  throw usageError(`${name}: expected 1 or 0, found "${text}"`);
}

function parsed(option: Option, name: string, text: string): unknown {
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined as never);
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw usageError(`${name}: ${error.message}`, "unset it, or give it such a value");
    throw error;
  }
}

/** Names the variable in an error about an option whose value came from the environment: nobody typed the option. */
export function blameVariable(command: Command, error: unknown): unknown {
  if (!(error instanceof LockbenchError)) return error;
  const blamed = command.options.find(
    (option) =>
      error.message.startsWith(`${option.long ?? option.name()}:`) &&
      command.getOptionValueSource(option.attributeName()) === "env",
  );
  if (blamed === undefined) return error;
  return usageError(`${environmentName(blamed)}${error.message.slice(error.message.indexOf(":"))}`, error.hint);
}
