import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ComposeBuild, ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import { unlessGone } from "../../../../src/stacks/docker/engine/engine-error.ts";
import { temporaryFolder } from "../../../support/folders.ts";
import type { TestEngine } from "./support.ts";

export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** How a Dockerfile of a test begins, so that all that comes of it can be found again. */
export function beginning({ label }: TestEngine): string {
  return `ARG BASE\nFROM $BASE\nLABEL ${label}\n`;
}

/** A service with an image of the test's own, which is removed when the test is over. */
export function buildOf(
  engine: TestEngine,
  build: Pick<ComposeBuild, "context" | "dockerfile"> & Partial<ComposeBuild>,
): ComposeService {
  const image = `${engine.id}:built`;
  onTestFinished(() => removeImages(engine));
  return engine.service("built", {
    image,
    build: { args: { BASE: engine.redis }, target: null, labels: {}, ...build },
    command: null,
  });
}

/** Those of single steps as well: they carry the label from the step that sets it. */
async function removeImages({ connection: { docker }, label }: TestEngine): Promise<void> {
  const left = await docker.listImages({ filters: { label: [label] } });
  // One after the other: they share layers.
  for (const { Id } of left) await unlessGone<unknown>(docker.getImage(Id).remove({ force: true }));
}
