import type { Command, Option } from "commander";

export type Shell = "bash" | "zsh" | "fish";

/** A completion script made from the commands themselves, so that it cannot fall behind them. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(longName),
    words: choices(command),
    scenarios: command.registeredArguments.some((argument) => argument.name() === "scenario"),
  }));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef lockbench\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
  readonly words: readonly string[];
  readonly scenarios: boolean;
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, words, scenarios }) => {
    const names = scenarios ? " $(lockbench list --names 2>/dev/null)" : "";
    return `    ${name}) words="${[...options, ...words].join(" ")}${names}" ;;`;
  });
  return `_lockbench() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${commands.map(({ name }) => name).join(" ")} --help --version"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _lockbench lockbench
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options, words, scenarios }) => {
    const here = `complete -c lockbench -n "__fish_seen_subcommand_from ${name}"`;
    return [
      `complete -c lockbench -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...options.map((option) => `${here} -l ${option.replace(/^--/, "")}`),
      ...(words.length > 0 ? [`${here} -f -a ${quoted(words.join(" "))}`] : []),
      ...(scenarios ? [`${here} -a "(lockbench list --names 2>/dev/null)"`] : []),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function longName(option: Option): string {
  return option.long ?? option.short ?? "";
}

function choices(command: Command): string[] {
  return command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
