import { placeholders } from "../domain/template.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import { isMapping, type Mapping, type Path, valueAt } from "../host/yaml/path.ts";
import { namesAt, type Place } from "./placeholders.ts";
import { didYouMean } from "../host/suggest.ts";

const PLACE_OF: Readonly<Record<string, Place>> = {
  start: "start",
  seed: "seed",
  probes: "probe",
  purchase: "purchase",
};
/** Checks read keys of locks, and checks know nothing of the stack. */
const IN_LOCK_KEYS = ["product"];
const WELL_FORMED = /\$\{[A-Za-z][\w.]*\}/g;

/** Looks at every text of the target, also where the rest of it is broken. */
export function findTemplateMistakes(scenario: Mapping, mistakes: Mistakes): void {
  const has = equipment(scenario);
  for (const { text, path, aspect } of textsIn(scenario["target"], ["target"])) {
    const place = PLACE_OF[String(path[1])];
    // Answers are data, not templates: a regular expression may well contain "${".
    if (path[1] === "outcomes" || path[1] === "answer" || path[1] === undefined) continue;
    const known = path[1] === "lock_keys" ? IN_LOCK_KEYS : place === undefined ? [] : namesAt(place, has);
    for (const name of placeholders(text).filter((used) => !known.includes(used))) {
      const choices = known.length === 0 ? "no placeholder" : `one of ${known.join(", ")}`;
      const message = (where: string) =>
        `${where}: unknown placeholder, expected ${choices}, found "\${${name}}"${didYouMean(name, known)}`;
      mistakes.at(path, message, aspect);
    }
    for (const [garbled] of text.replace(WELL_FORMED, "").matchAll(/\$\{[^}]*\}?/g)) {
      mistakes.at(
        path,
        (where) => `${where}: expected a placeholder such as "\${product}", found "${garbled}"`,
        aspect,
      );
    }
  }
}

/** What this scenario has, as far as its values can be read. */
function equipment(scenario: Mapping): { readonly start: boolean; readonly redis: boolean; readonly locks: boolean } {
  const start = valueAt(scenario, ["target", "start"]) !== undefined;
  const locks = valueAt(scenario, ["target", "locks"]);
  const redis = valueAt(scenario, ["stack", "redis"]);
  return { start, redis: redis === undefined ? start : redis !== 0, locks: Array.isArray(locks) && locks.length > 0 };
}

interface Text {
  readonly text: string;
  readonly path: Path;
  readonly aspect: "key" | "value";
}

function* textsIn(value: unknown, path: Path): Generator<Text> {
  if (typeof value === "string") yield { text: value, path, aspect: "value" };
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) yield* textsIn(item, [...path, place]);
  } else if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield { text: key, path: [...path, key], aspect: "key" };
      yield* textsIn(item, [...path, key]);
    }
  }
}
