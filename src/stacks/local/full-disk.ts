import { existsSync, statfsSync } from "node:fs";

/**
 * A line about the disk of a stack when nothing more fits on it: its servers
 * answer that with refusals, which alone would not tell why. File systems
 * without a size of their own have no blocks.
 */
export function fullDisk(folder: string): string[] {
  // `lockbench down` may have taken the stack away meanwhile: then its death is what there is to tell.
  if (!existsSync(folder)) return [];
  const { blocks, bfree } = statfsSync(folder);
  return blocks > 0 && bfree === 0 ? [`disk full: nothing more can be written to the stack's files in ${folder}`] : [];
}
