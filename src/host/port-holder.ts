import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Processes, ProcessView } from "./processes.ts";

const LISTENING = "0A";

/** Who listens on a TCP port of this machine; undefined where that cannot be found out (not Linux, another user's process). */
export function portHolder(port: number, processes: Processes): ProcessView | undefined {
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return undefined;
  return processes.all().find((one) => openSockets(one.pid).some((socket) => sockets.has(socket)));
}

function listeningSockets(port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const line of ["/proc/net/tcp", "/proc/net/tcp6"].flatMap(linesOf)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(`:${hexPort}`) === true && fields[3] === LISTENING)
      inodes.add(`socket:[${fields[9] ?? ""}]`);
  }
  return inodes;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function openSockets(pid: number): string[] {
  const folder = `/proc/${String(pid)}/fd`;
  try {
    return readdirSync(folder).map((name) => linkTarget(`${folder}/${name}`));
  } catch {
    // Not ours to look into, or gone in the meantime.
    return [];
  }
}

/** "" for a descriptor that was closed since the folder was read, such as the one that read it. */
function linkTarget(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
