import { closeSync, existsSync, fstatSync, openSync, readSync, readFileSync } from "node:fs";
import { usageError } from "../domain/errors.ts";
import { didYouMean } from "../scenario/suggest.ts";
import { type LogFile, logFiles } from "../stacks/sessions/manage.ts";
import type { LogsOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";
import { requireSession } from "./sessions.ts";

const POLL_MS = 200;

/** `lockbench logs [service] [-f]` */
export async function showLogs(context: Context, service: string | undefined, options: LogsOptions): Promise<Ended> {
  const entry = requireSession(context);
  const files = logFiles(entry, service);
  if (files.length === 0 && service === undefined) {
    context.console.note("no process of this stack was started by lockbench, so it keeps no logs");
  } else if (files.length === 0) {
    const known = logFiles(entry).map((file) => file.service);
    const asked = service ?? "";
    throw usageError(`logs: expected one of ${known.join(", ")}, found "${asked}"${didYouMean(asked, known)}`);
  }
  const prefixed = files.length > 1;
  for (const file of files) print(context, file, lastLines(file, options.lines), prefixed);
  if (options.follow === true) await follow(context, files, prefixed);
  return OK;
}

function print({ console }: Context, { service }: LogFile, lines: readonly string[], prefixed: boolean): void {
  if (lines.length > 0) console.result(lines.map((line) => (prefixed ? `${service} | ${line}` : line)).join("\n"));
}

function lastLines({ file }: LogFile, count: number): string[] {
  if (!existsSync(file)) return [];
  return wholeLines(readFileSync(file, "utf8")).slice(-count);
}

function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
}

/** Prints what is added, until the stack is interrupted or its logs are gone. */
async function follow(context: Context, files: readonly LogFile[], prefixed: boolean): Promise<void> {
  const places = new Map(files.filter(({ file }) => existsSync(file)).map((log) => [log, sizeOf(log.file)]));
  for (;;) {
    await context.host.clock.sleep(POLL_MS, context.signal);
    for (const [log, from] of places) {
      if (!existsSync(log.file)) return;
      const added = readFrom(log.file, from);
      const whole = added.slice(0, added.lastIndexOf("\n") + 1);
      if (whole === "") continue;
      places.set(log, from + Buffer.byteLength(whole));
      print(context, log, wholeLines(whole), prefixed);
    }
  }
}

function sizeOf(file: string): number {
  const descriptor = openSync(file, "r");
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(file: string, from: number): string {
  const descriptor = openSync(file, "r");
  try {
    const added = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - from));
    const length = readSync(descriptor, added, 0, added.length, from);
    return added.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
}
