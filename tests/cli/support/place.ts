import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Found, processesOf } from "./processes.ts";
import { type Ended, follow, type Started } from "./started.ts";
import { until } from "./until.ts";

export const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
export const BINARY = join(PACKAGE, "bin/lockbench.js");

type Arguments = string | readonly string[];

export interface CallOptions {
  /** Goes over the bare environment that every call gets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface PlaceOptions {
  readonly runtime?: string;
  /** Another lockbench than the one of this checkout. */
  readonly binary?: string;
  /** Goes over the bare environment of every call. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A user's folder, and a runtime folder that nobody else uses. */
export interface Place {
  readonly folder: string;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
  /** Calls lockbench; a text is taken apart at its spaces. */
  lockbench(args: Arguments, options?: CallOptions): Promise<Ended>;
  start(args: Arguments, options?: CallOptions): Started;
  file(...names: readonly string[]): string;
  write(name: string, text: string): void;
  edit(file: string, change: (text: string) => string): void;
  /** What is running of everything that was called here. */
  left(): readonly Found[];
  /** Takes down the stacks that were to stay, and fails when anything is running then. */
  close(): Promise<void>;
}

/** A place that is closed when the test is over. The spaces in its name are on purpose. */
export function aPlace(options: PlaceOptions = {}): Place {
  const place = openPlace(options);
  onTestFinished(() => place.close());
  return place;
}

/** A place that several tests share; whoever opens it closes it. */
export function openPlace(options: PlaceOptions = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), "lockbench cli "));
  const runtime = options.runtime ?? join(folder, "run time");
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, LOCKBENCH_RUNTIME_DIR: runtime, ...options.env };
  const start = (args: Arguments, { env: more = {}, cwd = folder }: CallOptions = {}): Started =>
    follow(spawn(process.execPath, [options.binary ?? BINARY, ...words(args)], { cwd, env: { ...env, ...more } }));
  const place: Place = {
    folder,
    runtime,
    env,
    start,
    lockbench: (args, called) => start(args, called).ended,
    file: (...names) => join(folder, ...names),
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    edit: (file, change) => writeFileSync(file, change(readFileSync(file, "utf8"))),
    left: () => processesOf(runtime),
    close: () => close(place),
  };
  return place;
}

function words(args: Arguments): readonly string[] {
  return typeof args !== "string" ? args : args.split(" ").filter((word) => word !== "");
}

async function close(place: Place): Promise<void> {
  if (place.left().length > 0) await place.lockbench("down --all", { cwd: "/" });
  const left = place.left();
  for (const { pid } of left) kill(pid);
  await until("the end of what was killed", () => (place.left().length === 0 ? true : undefined));
  rmSync(place.folder, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`left running: ${left.map(({ commandLine }) => commandLine).join("; ")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

/** The last line that was printed on stdout. */
export function lastLine({ stdout }: Ended): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}
