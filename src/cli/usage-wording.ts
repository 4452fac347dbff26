const INVALID_VALUE = /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '.*?' is invalid\. (.*)$/s;
const NOT_A_CHOICE = /^command-argument value '(.*)' is invalid for argument '(\S+)'\. Allowed choices are (.*)\.$/s;

/** What commander says of wrong usage, in the words that all mistakes have here: what, what was expected, what was found. */
export function usageWording(message: string): string {
  const said = message.replace(/^error: /, "").trimEnd();
  const [, option = "", expected = ""] = INVALID_VALUE.exec(said) ?? [];
  if (option !== "") return `${option}: ${expected}`;
  const [, found = "", argument = "", choices = ""] = NOT_A_CHOICE.exec(said) ?? [];
  return argument === "" ? said : `${argument}: expected ${choices}, found "${found}"`;
}
