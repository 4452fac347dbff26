import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentError } from "../../domain/errors.ts";
import { tryListen } from "../../host/try-listen.ts";
import { namesIn } from "./folders.ts";
import type { Runtime } from "./runtime.ts";

/** Below Linux's range for outgoing connections, so that a burst of buyers cannot sit on a port meant for a server. */
const FIRST = 20_000;
const LAST = 31_999;
const TRIES = 500;

const reservations = (runtime: Runtime): string => join(runtime.folder, "ports");

/** A free port of 127.0.0.1, reserved for this session among all lockbench commands of this user. */
export async function reserveFreePort(runtime: Runtime, session: string): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = runtime.chance.between(FIRST, LAST + 1);
    if (await tryToReserve(runtime, session, port)) return port;
  }
  throw environmentError(
    "NO_FREE_PORT",
    `no free port found: ${String(TRIES)} tried between ${String(FIRST)} and ${String(LAST)}`,
  );
}

/** The first port above `port` that can be reserved. */
export async function reservePortAfter(runtime: Runtime, session: string, port: number): Promise<number> {
  for (let next = port + 1; next < 65_536; next++) if (await tryToReserve(runtime, session, next)) return next;
  throw environmentError("NO_FREE_PORT", `no free port found: none above ${String(port)}`);
}

/** Reserves exactly this port. @returns false when somebody else has it */
export async function tryToReserve(runtime: Runtime, session: string, port: number): Promise<boolean> {
  mkdirSync(reservations(runtime), { recursive: true, mode: 0o700 });
  if (!markReserved(runtime, session, port)) return false;
  if (await canListen(port)) return true;
  rmSync(join(reservations(runtime), String(port)), { force: true });
  return false;
}

/** The session that has reserved a port. */
export function reservedBy(runtime: Runtime, port: number): string | undefined {
  try {
    return readFileSync(join(reservations(runtime), String(port)), "utf8");
  } catch {
    return undefined;
  }
}

export function reservedPorts(runtime: Runtime, session: string): number[] {
  return namesIn(reservations(runtime))
    .map(Number)
    .filter((port) => reservedBy(runtime, port) === session);
}

export function releasePorts(runtime: Runtime, session: string): void {
  for (const port of reservedPorts(runtime, session))
    rmSync(join(reservations(runtime), String(port)), { force: true });
}

function markReserved(runtime: Runtime, session: string, port: number): boolean {
  const file = join(reservations(runtime), String(port));
  try {
    writeFileSync(file, session, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (existsSync(join(runtime.folder, reservedBy(runtime, port) ?? ""))) return false;
  // Its session was removed by hand. Should two take it over at once, listening decides between them.
  writeFileSync(file, session, { mode: 0o600 });
  return true;
}

/** @throws LockbenchError (exit 5) when the port cannot be listened on for another reason than that it is taken */
async function canListen(port: number): Promise<boolean> {
  const error = await tryListen(port);
  if (error === undefined || error.code === "EADDRINUSE") return error === undefined;
  throw environmentError("PORT_UNUSABLE", `port cannot be used: ${String(port)} on 127.0.0.1, ${error.message}`, {
    cause: error,
  });
}
