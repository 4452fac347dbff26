/** What Redis says at every start on most machines; it has nothing to do with how it ended. */
const BANNER = "WARNING Memory overcommit must be enabled";

/**
 * The end of a service's log on one line. Of lines that differ in their numbers
 * alone, such as those of several starts, the last one stands for all.
 * @param tail the last lines, oldest first
 */
export function lastWords(tail: readonly string[], most: number): string {
  if (tail.length === 0) return "its log is empty";
  const distinct = new Map<string, string>();
  for (const line of tail.filter((one) => !one.includes(BANNER))) {
    const shape = line.replaceAll(/\d+/g, "0");
    distinct.delete(shape);
    distinct.set(shape, line.trim());
  }
  if (distinct.size === 0) return "its log says nothing of it";
  return `its log ends: ${[...distinct.values()].slice(-most).join(" | ")}`;
}
