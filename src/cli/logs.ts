import { LockbenchError, usageError } from "../domain/errors.ts";
import { didYouMean } from "../host/suggest.ts";
import { servicesOf } from "../stacks/sessions/manage.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { LogsOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";
import { type LogSource, logSourceOf } from "./log-source.ts";
import { requireSession } from "./sessions.ts";

/** `lockbench logs [service] [-f]` */
export async function showLogs(context: Context, service: string | undefined, options: LogsOptions): Promise<Ended> {
  const runtime = runtimeOf(context.host);
  const { session } = requireSession(context, options.of);
  const sources = servicesOf(session, service).map((one) => logSourceOf(runtime, session, one));
  if (sources.length === 0 && service === undefined) {
    context.console.note("nothing of this stack was started by lockbench, so it keeps no logs");
  } else if (sources.length === 0) {
    const known = servicesOf(session).map(({ name }) => name);
    const asked = service ?? "";
    throw usageError(`logs: expected one of ${known.join(", ")}, found "${asked}"${didYouMean(asked, known)}`);
  }
  const prefixed = sources.length > 1;
  if (options.follow === true) {
    await follow(context, sources, options.lines, prefixed);
    return endOf(context);
  }
  const failures: unknown[] = [];
  for (const source of sources) {
    const lines = await source.last(options.lines).catch((error: unknown) => {
      failures.push(error);
      return [];
    });
    print(context, source, lines, prefixed);
  }
  if (failures.length > 0) throw failures[0];
  return OK;
}

/** Ctrl-C is how following ends: there is nothing to tell, and nothing was stopped. */
function endOf({ signal }: Context): Ended {
  const reason: unknown = signal.reason;
  return reason instanceof LockbenchError ? { exit: reason.exit } : OK;
}

function print({ console }: Context, { service }: LogSource, lines: readonly string[], prefixed: boolean): void {
  if (lines.length > 0) console.result(lines.map((line) => (prefixed ? `${service} | ${line}` : line)).join("\n"));
}

/** Prints what is added, until it is interrupted or all logs are gone. */
async function follow(
  context: Context,
  sources: readonly LogSource[],
  count: number,
  prefixed: boolean,
): Promise<void> {
  const printer = (source: LogSource) => (lines: readonly string[]) => {
    print(context, source, lines, prefixed);
  };
  const end = new AbortController();
  const signal = AbortSignal.any([context.signal, end.signal]);
  try {
    await Promise.all(sources.map((source) => source.follow(count, signal, printer(source))));
  } catch (error) {
    if (!context.signal.aborted) throw error;
  } finally {
    // When one cannot be followed, the others must not keep the command from ending.
    end.abort();
  }
}
