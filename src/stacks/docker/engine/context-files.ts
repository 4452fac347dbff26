import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { IgnoreRules } from "./ignore-rules.ts";

/** Paths of a build context that its rules let through, folders included, relative to it and in a stable order. */
export function contextFiles(context: string, rules: IgnoreRules, folder = ""): string[] {
  const entries = readdirSync(join(context, folder), { withFileTypes: true });
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const ignored = rules.ignores(path);
      const here = ignored ? [] : [path];
      const enter = entry.isDirectory() && (!ignored || rules.mayKeepBelow(path));
      return enter ? [...here, ...contextFiles(context, rules, path)] : here;
    });
}
