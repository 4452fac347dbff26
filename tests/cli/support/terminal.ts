import { spawn } from "node:child_process";
import { BINARY, type Place } from "./place.ts";
import { follow, type Started } from "./started.ts";

export const CTRL_C = "\u0003";

export interface TerminalOptions {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Calls lockbench in a terminal of its own, where keys have their usual effect
 * and everything that is printed ends up on the one screen (stdout here).
 */
export function inTerminal(place: Place, args: string, { columns = 80, env = {} }: TerminalOptions = {}): Started {
  const call = [process.execPath, BINARY, ...args.split(" ")].map(quoted).join(" ");
  const command = `stty rows 50 cols ${String(columns)}; exec ${call}`;
  const program = "script";
  return follow(
    spawn(program, ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], {
      cwd: place.folder,
      env: { ...place.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    }),
  );
}

/** What a screen shows, without the codes that move the cursor and set colours. */
export function screenLines(text: string): string[] {
  return withoutCodes(text)
    .split(/[\r\n]+/)
    .filter((line) => line !== "");
}

function withoutCodes(text: string): string {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, "g"), "");
}

export const ESCAPE = "\u001b";

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
