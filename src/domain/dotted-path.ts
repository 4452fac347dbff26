/**
 * Reads `a.b.0` out of parsed JSON; an empty path is the value itself.
 * @returns undefined where the path leads nowhere
 */
export function atPath(value: unknown, path: string): unknown {
  if (path === "") return value;
  let here: unknown = value;
  for (const step of path.split(".")) {
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here;
}
