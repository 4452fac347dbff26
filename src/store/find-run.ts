import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { distance } from "fastest-levenshtein";
import { type LockbenchError, usageError } from "../domain/errors.ts";
import { RECORD_FILE, runFolder } from "./layout.ts";
import { runIds } from "./results-folder.ts";

const SHOWN = 5;

/**
 * The folder of a run: by its id, by the beginning of one id, by the path of its
 * folder or record, or, without a name, the latest.
 * @throws LockbenchError (exit 2) that names the runs that there are
 */
export function findRun(results: string, which?: string): string {
  const ids = runIds(results);
  if (which === undefined || which === "latest") return runFolder(results, latestOf(ids, results));
  const matches = ids.includes(which) ? [which] : ids.filter((id) => which !== "" && id.startsWith(which));
  const [only, second] = matches;
  if (only !== undefined && second === undefined) return runFolder(results, only);
  if (only !== undefined) throw ambiguous(which, matches);
  return byPath(which) ?? refuse(which, ids, results);
}

function latestOf(ids: readonly string[], results: string): string {
  const latest = ids.at(-1);
  if (latest === undefined) throw noRuns(results);
  return latest;
}

function byPath(which: string): string | undefined {
  const path = resolve(which);
  if (basename(path) === RECORD_FILE && existsSync(path)) return dirname(path);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && existsSync(join(path, RECORD_FILE)) ? path : undefined;
}

function refuse(which: string, ids: readonly string[], results: string): never {
  if (ids.length === 0) throw noRuns(results);
  const nearest = nearestOf(which, ids);
  const asked = nearest === undefined ? "" : `did you mean ${nearest}? `;
  throw usageError(
    `no such run: ${which}, expected the id of a run in ${results} or the path of its folder`,
    `${asked}the latest are: ${ids.slice(-SHOWN).reverse().join(", ")}`,
  );
}

function nearestOf(which: string, ids: readonly string[]): string | undefined {
  const ranked = ids.map((id) => ({ id, far: distance(which, id) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(3, which.length / 4) ? best.id : undefined;
}

function ambiguous(which: string, matches: readonly string[]): LockbenchError {
  return usageError(
    `more than one run: ${which}, expected the beginning of one id, found ${String(matches.length)}`,
    `name one of: ${matches.slice(-SHOWN).reverse().join(", ")}`,
  );
}

function noRuns(results: string): LockbenchError {
  return usageError(`no run is kept: ${results}`, "run a scenario first: lockbench run v1_stress");
}
