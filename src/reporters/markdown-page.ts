import { drawGrid } from "./grid.ts";
import { hanging } from "./paragraph.ts";
import { displayWidth, wrap } from "./width.ts";

/**
 * A page of Markdown for a terminal. A paragraph, an item of a list or a table
 * that is wider is set anew; whatever fits, and all code, stays as it was written.
 */
export function markdownPage(text: string, width: number): string {
  return blocksOf(text.split(/\r?\n/))
    .flatMap((block) =>
      isFence(block[0]) || block.every((line) => displayWidth(line) <= width) ? block : set(block, width),
    )
    .join("\n");
}

/** Lines that belong together: code, a table, a paragraph or an item of a list; an empty line is alone. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [];
  let inCode = false;
  for (const line of lines) {
    const block = blocks.at(-1);
    const begins = inCode ? false : block === undefined || beginsBlock(line, block);
    if (begins || block === undefined) blocks.push([line]);
    else block.push(line);
    if (isFence(line)) inCode = !inCode;
  }
  return blocks;
}

function beginsBlock(line: string, [first = "", ...others]: readonly string[]): boolean {
  if (line.trim() === "" || first.trim() === "" || isFence(line) || first.startsWith("#")) return true;
  if (isFence(first)) return others.length > 0 && isFence(others.at(-1));
  return isRow(line) !== isRow(first) || ITEM.test(line) || line.startsWith("#");
}

const ITEM = /^\s*(?:[-*]|\d+\.) /;

function isFence(line = ""): boolean {
  return line.startsWith("```");
}

function isRow(line: string): boolean {
  return line.startsWith("|");
}

function set(block: readonly string[], width: number): string[] {
  const [first = ""] = block;
  if (isRow(first)) return table(block, width);
  const label = ITEM.exec(first)?.[0] ?? "";
  const words = [first.slice(label.length), ...block.slice(1)].map((line) => line.trim()).join(" ");
  return label === "" ? wrap(words, width) : hanging(label, words, width);
}

function table(lines: readonly string[], width: number): string[] {
  const [head = [], , ...rows] = lines.map(cellsOf);
  return drawGrid({ head, rows, ruled: true }, width).split("\n");
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
