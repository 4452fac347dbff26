import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import tar from "tar-fs";
import { environmentError, messageOf } from "../../../domain/errors.ts";
import type { ComposeBuild } from "../compose/project.ts";
import { contextFiles } from "./context-files.ts";
import { ignoreRules } from "./ignore-rules.ts";

/** Under this name the Dockerfile is sent, which may lie outside the context, or be ignored in it. */
export const SENT_DOCKERFILE = ".dockerfile.lockbench";
const IGNORE_FILE = ".dockerignore";
const LITTLE_COMPRESSION = 1;

/**
 * The build context as the engine takes it: a compressed archive of what
 * .dockerignore lets through, and the Dockerfile. The engine itself only uses a
 * .dockerignore to drop that Dockerfile again before anything is copied.
 * @throws LockbenchError (exit 5) when context or Dockerfile cannot be read
 */
export function buildContext(service: string, build: ComposeBuild): Readable {
  const { context } = build;
  const dockerfile = readOrExplain(service, "Dockerfile", build.dockerfile, () => readFileSync(build.dockerfile));
  const files = readOrExplain(service, "context", context, () => contextFiles(context, ignoreRules(build)));
  const keepsIgnoreFile = files.includes(IGNORE_FILE);
  const theirs = keepsIgnoreFile
    ? `${readFileSync(join(context, IGNORE_FILE), "utf8")}\n!${IGNORE_FILE}\n`
    : IGNORE_FILE;
  const archive = tar.pack(context, {
    entries: files.filter((path) => path !== IGNORE_FILE),
    // Folders are in the list with all that is to be sent of them.
    ignore: () => true,
    // Whoever builds, the files belong to root, as with the Docker CLI.
    map: (header) => ({ ...header, uid: 0, gid: 0 }),
    finalize: false,
    finish(pack) {
      pack.entry({ name: SENT_DOCKERFILE }, dockerfile);
      pack.entry({ name: IGNORE_FILE }, `${theirs}\n${SENT_DOCKERFILE}\n`);
      pack.finalize();
    },
  });
  const compressed = createGzip({ level: LITTLE_COMPRESSION });
  archive.once("error", (error) => compressed.destroy(error));
  return archive.pipe(compressed);
}

function readOrExplain<Result>(service: string, what: string, path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw environmentError(
      "BUILD_FAILED",
      `${service} cannot be built: its ${what} cannot be read: ${messageOf(error)}`,
      {
        hint: `correct build.${what.toLowerCase()} of ${service}: ${path}`,
        cause: error,
      },
    );
  }
}
