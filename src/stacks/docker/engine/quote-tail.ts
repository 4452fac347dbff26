/** The end of a log as it stands in an error: indented, or that there is none. */
export function quoteTail(lines: readonly string[], title = "the end of its log", none = "its log is empty"): string {
  const written = lines.filter((line) => line.trim() !== "");
  return written.length === 0 ? none : `${title}:\n${written.map((line) => `  ${line}`).join("\n")}`;
}
