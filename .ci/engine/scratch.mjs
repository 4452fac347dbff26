import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Does something in a folder that is gone afterwards, also when it fails. */
export function inScratchFolder(name, work) {
  const folder = mkdtempSync(join(tmpdir(), `lockbench-${name}-`));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
