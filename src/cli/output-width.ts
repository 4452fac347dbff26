import type { Host } from "../host/host.ts";

/** Columns where neither a terminal nor COLUMNS says how many there are. */
const USUAL = 100;

/** How wide results may be: as the terminal, or as COLUMNS says where they go into a pipe or a file. */
export function outputWidth({ stdout, stderr, env }: Pick<Host, "stdout" | "stderr" | "env">): number {
  return stdout.columns ?? said(env["COLUMNS"]) ?? stderr.columns ?? USUAL;
}

function said(columns = ""): number | undefined {
  return /^[1-9]\d{0,5}$/.test(columns) ? Number(columns) : undefined;
}
