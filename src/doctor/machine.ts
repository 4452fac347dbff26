import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { portHolder } from "../host/port-holder.ts";
import type { Processes } from "../host/processes.ts";
import { tryListen } from "../host/try-listen.ts";
import type { DoctorLine } from "./report.ts";
import { satisfies } from "./version-range.ts";

/** The port of the bundled server when none is chosen for it. */
const USUAL_PORT = 8080;
/** For each buyer: a connection here and one in the server, both doubled for what else is open. */
const DESCRIPTORS_PER_USER = 4;

export function nodeVersion(packageFolder: string): DoctorLine {
  const found = process.version;
  const wanted = wantedNode(packageFolder);
  if (wanted === undefined || satisfies(found, wanted)) return { name: "Node", health: "ok", found };
  return {
    name: "Node",
    health: "missing",
    found: `${found}, expected ${wanted}`,
    advice: "install Node 20.19 or newer",
  };
}

function wantedNode(packageFolder: string): string | undefined {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    engines?: { node?: string };
  };
  return manifest.engines?.node;
}

export function cores(): DoctorLine {
  const count = availableParallelism();
  if (count >= 2) return { name: "cores", health: "ok", found: String(count) };
  return {
    name: "cores",
    health: "warn",
    found: String(count),
    advice: "buyers, server and Redis share one core: read latencies with care",
  };
}

export function fileDescriptors(users: number): DoctorLine {
  const needed = users * DESCRIPTORS_PER_USER;
  const limit = descriptorLimit();
  if (limit === undefined) return { name: "open files", health: "ok", found: "limit not known on this system" };
  if (limit >= needed) return { name: "open files", health: "ok", found: `limit ${String(limit)}` };
  return {
    name: "open files",
    health: "warn",
    found: `limit ${String(limit)}, expected at least ${String(needed)} for ${String(users)} buyers`,
    advice: `type: ulimit -n ${String(needed)}`,
  };
}

function descriptorLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return undefined;
  }
}

export async function serverPort(processes: Processes, port = USUAL_PORT): Promise<DoctorLine> {
  const name = `port ${String(port)}`;
  if ((await tryListen(port)) === undefined) return { name, health: "ok", found: "free" };
  const holder = portHolder(port, processes);
  return {
    name,
    health: "warn",
    found: holder === undefined ? "taken" : `taken by ${holder.commandLine} (pid ${String(holder.pid)})`,
    advice: "nothing, unless a scenario asks for this very port: free ones are chosen otherwise",
  };
}
