import { placeholders, type Template } from "../domain/template.ts";
import type { ReadSections } from "./cross-mistakes.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import { productPlans } from "./products.ts";
import type { TargetSpec } from "./schema/target.ts";
import { probeName } from "./target-plan.ts";

/** The target's sections that could be read; what is broken or absent is undefined. */
export type ReadTarget = Partial<TargetSpec>;

/** @param given the target's keys as written, whether or not they could be read */
export function findTargetMistakes(
  target: ReadTarget,
  given: readonly string[],
  read: ReadSections,
  mistakes: Mistakes,
): void {
  findStartMistakes(given, read, mistakes);
  findOutcomeMistakes(target, mistakes);
  findPurchaseMistakes(target, read, mistakes);
  findProbeMistakes(target, read, mistakes);
  findRedisMistakes(target, given, read, mistakes);
}

function findStartMistakes(given: readonly string[], { stack }: ReadSections, mistakes: Mistakes): void {
  const ways = ["start", "url"].filter((key) => given.includes(key));
  if (ways.length !== 1) {
    mistakes.expected(["target"], "exactly one of start, url", ways.length === 0 ? "neither" : "both");
  }
  if (!given.includes("url")) return;
  const alone = "since a shop that already runs (`target.url`) is not started";
  if (stack !== undefined && stack.replicas > 1) {
    mistakes.expected(["stack", "replicas"], `1, ${alone}`, String(stack.replicas));
  }
  if (stack?.port !== undefined) mistakes.expected(["stack", "port"], `no port, ${alone}`, String(stack.port));
  if (typeof stack?.redis === "number" && stack.redis > 0) {
    mistakes.expected(["stack", "redis"], `0 or {external: [URLs]}, ${alone}`, String(stack.redis));
  }
}

function findOutcomeMistakes({ outcomes }: ReadTarget, mistakes: Mistakes): void {
  if (outcomes === undefined) return;
  if (!outcomes.some((rule) => rule.is === "sold")) {
    mistakes.expected(["target", "outcomes"], "a rule with `is: sold`", outcomes.map((rule) => rule.is).join(", "));
  }
  const open = outcomes.findIndex(
    ({ status, body, body_matches }) =>
      status === undefined && body_matches === undefined && Object.keys(body).length === 0,
  );
  if (open >= 0 && open < outcomes.length - 1) {
    mistakes.expected(["target", "outcomes", open], "a rule without conditions to be the last", "rules after it");
  }
}

function findPurchaseMistakes({ purchase, probes }: ReadTarget, { products }: ReadSections, mistakes: Mistakes): void {
  if (purchase === undefined) return;
  const used = placeholders([purchase.path, purchase.body, purchase.headers]);
  const named = used.includes("product") || used.includes("items");
  const tied = ["buyer", "buyer.number", "key"].some((name) => used.includes(name));
  if (!tied && probes?.purchases !== undefined) {
    const need = "${buyer}, ${buyer.number} or ${key} in it, or no row could be tied to its buyer";
    mistakes.expected(["target", "purchase"], need, spellNames(used));
  }
  if (products !== undefined && productPlans(products).length > 1 && !named) {
    mistakes.expected(
      ["target", "purchase"],
      "${product} or ${items} in it, since there are several products",
      spellNames(used),
    );
  }
}

function spellNames(names: readonly string[]): string {
  return names.length === 0 ? "no placeholder" : names.map((name) => `\${${name}}`).join(", ");
}

function findProbeMistakes({ probes }: ReadTarget, { products }: ReadSections, mistakes: Mistakes): void {
  const several = products !== undefined && productPlans(products).length > 1;
  const names = (probes?.stock ?? []).map(probeName);
  for (const [place, probe] of (probes?.stock ?? []).entries()) {
    const name = names[place] ?? "";
    if (names.indexOf(name) !== place) {
      mistakes.expected(["target", "probes", "stock", place], "a `name` of its own", `"${name}" again`);
    }
    if (several && !namesProduct(probe)) {
      const need = probe.sqlite === undefined ? "${product}" : ":product";
      mistakes.expected(
        ["target", "probes", "stock", place],
        `${need} in it, since there are several products`,
        "none",
      );
    }
  }
}

function namesProduct({ redis, sqlite, http }: TargetSpec["probes"]["stock"][number]): boolean {
  const template: Template = [redis?.key ?? "", redis?.field ?? "", http?.path ?? "", http?.value ?? ""];
  return /:product\b/.test(sqlite?.query ?? "") || placeholders(template).includes("product");
}

function findRedisMistakes(
  { seed, probes }: ReadTarget,
  given: readonly string[],
  read: ReadSections,
  mistakes: Mistakes,
): void {
  const redis = read.stack?.redis ?? (given.includes("url") ? 0 : 1);
  if (redis !== 0) {
    if (typeof redis === "number") return;
    for (const place of placesOf(seed ?? [])) {
      const foreign = "an http, sqlite or command step, since a Redis that lockbench did not start is never written";
      mistakes.expected(["target", "seed", place], foreign, "Redis commands");
    }
    return;
  }
  const none = "no Redis, since this scenario has none (`stack.redis`)";
  for (const place of placesOf(seed ?? [])) mistakes.expected(["target", "seed", place], none, "Redis commands");
  for (const place of placesOf(probes?.stock ?? [])) {
    mistakes.expected(["target", "probes", "stock", place], none, "a Redis probe");
  }
}

function placesOf(entries: readonly { readonly redis?: unknown }[]): readonly number[] {
  return [...entries.entries()].filter(([, entry]) => entry.redis !== undefined).map(([place]) => place);
}
