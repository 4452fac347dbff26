import { displayWidth } from "./width.ts";

/** A table in Markdown, padded so that it can be read as it is. Texts may hold Markdown of their own. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(inCell));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => displayWidth(line[column] ?? ""))));
  const spell = (line: readonly string[]): string =>
    `| ${widths.map((width, column) => padded(line[column] ?? "", width)).join(" | ")} |`;
  const [first = [], ...others] = lines;
  return [spell(first), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...others.map(spell)].join("\n");
}

/** A bar would begin the next cell, and a line break the next row. */
function inCell(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - displayWidth(text));
}
