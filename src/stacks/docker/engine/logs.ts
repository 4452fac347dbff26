import type Dockerode from "dockerode";
import type { EngineConnection } from "./connect.ts";
import { engineError, unlessGone } from "./engine-error.ts";
import { engineStream, linesOf } from "./engine-stream.ts";
import { framedLines } from "./framed-lines.ts";

const TO_SHELL = { stdout: true, stderr: true };

/** The last lines of a container's log, standard output and standard error in the order in which they came; none when it is gone. */
export async function tailOf({ docker }: EngineConnection, container: string, lines: number): Promise<string[]> {
  if (lines === 0) return [];
  const found: string[] = [];
  await readLog(docker, container, { follow: false, tail: lines }, (line) => found.push(line));
  return found.slice(-lines);
}

export interface FollowOptions {
  /** How many of the lines that are there already. */
  readonly lines: number;
  /** Aborting it ends following, without an error. */
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Hands over whole lines until the container ends or the signal is aborted. */
export async function followLogs(
  { docker }: EngineConnection,
  container: string,
  { lines, signal, onLine }: FollowOptions,
): Promise<void> {
  await readLog(docker, container, { follow: true, tail: lines }, onLine, signal);
}

async function readLog(
  docker: Dockerode,
  container: string,
  options: { readonly follow: boolean; readonly tail: number },
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const facts = await unlessGone(docker.getContainer(container).inspect());
    if (facts === undefined || signal?.aborted === true) return;
    const path = `/containers/${encodeURIComponent(container)}/logs`;
    const stream = await engineStream(docker, path, { ...TO_SHELL, ...options }, signal);
    // A terminal's output comes as it is; otherwise both streams share one, in frames.
    for await (const line of facts.Config.Tty ? linesOf(stream) : framedLines(stream)) onLine(line);
  } catch (error) {
    if (signal?.aborted === true) return;
    throw engineError(`the log of ${container} cannot be read`, error);
  }
}
