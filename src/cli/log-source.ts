import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import type { Clock } from "../host/clock.ts";
import type { Runtime } from "../stacks/sessions/runtime.ts";
import type { Service, Session } from "../stacks/sessions/session.ts";

/** Where one service's log comes from: a file, or the engine that runs its container. */
export interface LogSource {
  readonly service: string;
  /** The last lines that are there. */
  last(count: number): Promise<readonly string[]>;
  /** Hands over the last lines and then what is added, until the signal is aborted or the log is gone. */
  follow(count: number, signal: AbortSignal, onLines: (lines: readonly string[]) => void): Promise<void>;
}

const POLL_MS = 200;

export function logSourceOf(runtime: Runtime, session: Session, service: Service): LogSource {
  return service.container === null
    ? fileSource(service.name, service.log, runtime.clock)
    : containerSource(runtime, session, service);
}

function containerSource({ containers }: Runtime, session: Session, service: Service): LogSource {
  return {
    service: service.name,
    async last(count) {
      const lines: string[] = [];
      await containers.readLog(session, service, { lines: count, onLine: (line) => lines.push(line) });
      return lines;
    },
    follow: (lines, signal, onLines) =>
      containers.followLog(session, service, { lines, signal, onLine: (line) => onLines([line]) }),
  };
}

function fileSource(service: string, file: string, clock: Clock): LogSource {
  return {
    service,
    last: (count) => Promise.resolve(read(file, count).lines),
    async follow(count, signal, onLines) {
      const { lines, end } = read(file, count);
      if (lines.length > 0) onLines(lines);
      let from = end;
      while (existsSync(file)) {
        const added = readFrom(file, from);
        const whole = added.slice(0, added.lastIndexOf("\n") + 1);
        from += Buffer.byteLength(whole);
        if (whole !== "") onLines(wholeLines(whole));
        await clock.sleep(POLL_MS, signal);
      }
    },
  };
}

/** The last whole lines of a file, and the place behind them. */
function read(file: string, count: number): { readonly lines: readonly string[]; readonly end: number } {
  if (!existsSync(file)) return { lines: [], end: 0 };
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return { lines: count === 0 ? [] : wholeLines(whole).slice(-count), end: Buffer.byteLength(whole) };
}

function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
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
