import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { environmentError } from "../../domain/errors.ts";
import type { ComposeBuild } from "./compose/project.ts";

/** All that goes into the image of the server, beside its Dockerfile. */
const PARTS = ["compose/app", "dist/server", "dist/controls", "dist/stacks/docker/door"];

/**
 * The tag of the server's image: equal when the image would be, so that one
 * that is there is the right one, and need not be built again. The base image
 * counts by its name: one that was replaced under the same name is not noticed.
 */
export function imageVersion(lockbench: string, version: string, build: ComposeBuild): string {
  const here = (path: string): string => relative(lockbench, path);
  const section = { ...build, context: here(build.context), dockerfile: here(build.dockerfile) };
  const hash = createHash("sha256").update(JSON.stringify(section));
  for (const file of [here(build.dockerfile), ...PARTS.flatMap((part) => filesIn(lockbench, part))]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(lockbench, file)));
  }
  return `${version}-${hash.digest("hex").slice(0, 12)}`;
}

function filesIn(lockbench: string, part: string): string[] {
  try {
    return readdirSync(join(lockbench, part), { withFileTypes: true })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap((entry) =>
        entry.isDirectory() ? filesIn(lockbench, join(part, entry.name)) : [join(part, entry.name)],
      );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [part];
    throw environmentError("INCOMPLETE_INSTALLATION", `the server's image cannot be built: ${part} is missing`, {
      hint: "in a clone of the repository, type: npm run setup; otherwise install lockbench again",
      cause: error,
    });
  }
}
