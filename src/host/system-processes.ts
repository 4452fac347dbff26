import { procProcesses } from "./proc-processes.ts";
import type { Processes } from "./processes.ts";
import { psProcesses } from "./ps-processes.ts";

export function systemProcesses(platform: NodeJS.Platform = process.platform): Processes {
  return platform === "linux" ? procProcesses() : psProcesses();
}
