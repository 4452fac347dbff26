import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { LockbenchError } from "../../../src/domain/errors.ts";
import type { ComposeService } from "../../../src/stacks/docker/compose/project.ts";
import { type ComposeSource, readCompose, type ReadProject } from "../../../src/stacks/docker/compose/read-compose.ts";

export type Settings = Partial<Omit<ComposeSource, "file">> & {
  /** Files beside compose.yml. */
  readonly files?: Readonly<Record<string, string>>;
};

/** A folder called "shop" with these files, removed when the test is over. */
export async function shopFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "lockbench-compose-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, "shop");
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** Reads this text as the compose.yml of a folder called "shop". */
export async function read(yaml: string, { files = {}, ...settings }: Settings = {}): Promise<ReadProject> {
  const folder = await shopFolder({ ...files, "compose.yml": yaml });
  return await readCompose({ file: join(folder, "compose.yml"), variables: {}, profiles: [], ...settings });
}

/** The service `app` of a file that says nothing else. */
export async function readApp(keys: string, settings?: Settings): Promise<ComposeService> {
  const lines = keys.split("\n").map((line) => `    ${line}\n`);
  const { services } = await read(`services:\n  app:\n    image: shop\n${lines.join("")}`, settings);
  const app = services.find(({ name }) => name === "app");
  if (app === undefined) throw new Error("there is no service app");
  return app;
}

/** What is wrong with this text, as lines that begin `compose.yml:line:column: `. */
export async function complaints(yaml: string, settings?: Settings): Promise<readonly string[]> {
  const error: unknown = await read(yaml, settings).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockbenchError)) throw new Error(`expected a LockbenchError, found ${String(error)}`);
  expect(error.exit).toBe(2);
  return error.message
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^\S*\/shop\//, ""));
}
