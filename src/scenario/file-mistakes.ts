import { access } from "node:fs/promises";
import { resolve } from "node:path";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import type { Path } from "../host/yaml/path.ts";
import { type FolderOf, fileAt } from "./target-plan.ts";
import type { ReadTarget } from "./target-mistakes.ts";

/** Files and folders that must be there before anything is started. */
export async function findFileMistakes(target: ReadTarget, folderOf: FolderOf, mistakes: Mistakes): Promise<void> {
  const { start } = target;
  const cwd = start?.cwd;
  if (cwd !== undefined)
    await need(fileAt(cwd, folderOf(["start", "cwd"])), ["target", "start", "cwd"], "folder", mistakes);
  const program = start?.command[0] ?? "";
  if (program.includes("/")) {
    const home = folderOf(["start", "command"]);
    const folder = cwd === undefined ? home : fileAt(cwd, folderOf(["start", "cwd"]));
    await need(
      folder.startsWith("${") ? program : resolve(folder, program),
      ["target", "start", "command", 0],
      "program",
      mistakes,
    );
  }
  // A shop that lockbench starts may create its database by itself; one that already runs has it.
  if (target.url === undefined) return;
  for (const [path, file] of databases(target))
    await need(fileAt(file, folderOf(path)), ["target", ...path], "file", mistakes);
}

async function need(file: string, path: Path, what: string, mistakes: Mistakes): Promise<void> {
  if (file.includes("${")) return;
  const found = await access(file).then(
    () => true,
    () => false,
  );
  if (!found) mistakes.expected(path, `a ${what} that exists`, `no ${file}`);
}

function databases({ seed, probes }: ReadTarget): readonly (readonly [Path, string])[] {
  const seeds = (seed ?? []).map(({ sqlite }, place) => [["seed", place, "sqlite", "file"], sqlite?.file] as const);
  const stock = (probes?.stock ?? []).map(
    ({ sqlite }, place) => [["probes", "stock", place, "sqlite", "file"], sqlite?.file] as const,
  );
  const purchases = [["probes", "purchases", "sqlite", "file"], probes?.purchases?.sqlite?.file] as const;
  return [...seeds, ...stock, purchases].flatMap(([path, file]) => (file === undefined ? [] : [[path, file] as const]));
}
