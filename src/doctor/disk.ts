import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import type { DoctorLine } from "./report.ts";

const MB = 1024 * 1024;
/** A million attempts leave about 80 MB of evidence. */
const WANTED_MB = 200;
const NEEDED_MB = 10;

/** Free space where the records go, and where the stacks keep their data and logs. */
export function diskSpace(resultsFolder: string): DoctorLine[] {
  return [spaceIn("disk for results", resultsFolder), spaceIn("disk for stacks", tmpdir())];
}

function spaceIn(name: string, folder: string): DoctorLine {
  const place = nearestExisting(folder);
  const { bavail, bsize } = statfsSync(place);
  const freeMb = Math.floor((bavail * bsize) / MB);
  const found = `${String(freeMb)} MB free in ${place}`;
  if (freeMb >= WANTED_MB) return { name, health: "ok", found };
  const advice = `make room: at least ${String(WANTED_MB)} MB are good to have`;
  return { name, health: freeMb < NEEDED_MB ? "missing" : "warn", found, advice };
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}
