/** Where a value sits in a YAML file: keys and list places, from the top. */
export type Path = readonly (string | number)[];

/** `load.timeout`, `products[0].id`; the top itself is "the file". */
export function spell(path: Path): string {
  if (path.length === 0) return "the file";
  return path
    .map((step, depth) => (typeof step === "number" ? `[${String(step)}]` : depth === 0 ? step : `.${step}`))
    .join("");
}

/** A mapping as YAML gives it: neither a list nor null. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of plain data, or undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = (here as readonly unknown[])[Number(step)];
    else if (isMapping(here)) here = here[String(step)];
    else return undefined;
  }
  return here;
}

/** What was found, in a few words: `"soon"`, `a list of 3`, `a mapping of redis and sqlite`, `nothing`. */
export function spellFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${String(value.length)}`;
  if (isMapping(value)) return spellMapping(Object.keys(value));
  // JSON knows neither long whole numbers nor infinite ones.
  const text = typeof value === "bigint" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}

function spellMapping(keys: readonly string[]): string {
  return keys.length === 0 ? "an empty mapping" : `a mapping of ${keys.join(", ")}`;
}
