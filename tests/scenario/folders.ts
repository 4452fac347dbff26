import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export const PACKAGE = join(import.meta.dirname, "../..");
export const BUNDLED = join(PACKAGE, "scenarios");

/** A folder with these files, removed when the test is over. */
export async function folderWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-scenario-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A small scenario that is complete and sound. Tests change one line of it. */
export const SOUND = `title: A sale
stack: { redis: 1 }
target:
  start:
    command: [node, server.js]
    env: { PORT: "\${port}" }
  locks: [fifo, spin]
  seed:
    - redis: [[SET, "stock:\${product}", "\${stock}"]]
  purchase:
    path: /buy
    body: { product: "\${product}", buyer: "\${buyer}", key: "\${key}" }
  outcomes:
    - { status: 201, is: sold }
    - { status: 409, is: sold_out }
  probes:
    stock:
      - redis: { key: "stock:\${product}" }
    purchases:
      sqlite: { file: "\${data}/shop.db", query: "SELECT id, buyer, key FROM sales" }
products:
  - { id: "1", stock: 100 }
load:
  buyers: 300
`;
