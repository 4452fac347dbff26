import type { Plan } from "./plan.ts";

/**
 * True when both plans ask the same of the same shop. Where their files are, the port, whom a tap is for, and what a scenario
 * says of itself (its title, tags and what it proves of lockbench) make no difference to what a run shows.
 */
export function samePlan(one: Plan, other: Plan): boolean {
  return spelled(whatIsAsked(one)) === spelled(whatIsAsked(other));
}

function whatIsAsked(plan: Plan): unknown {
  const { title: _, tags: __, control: ___, folder, stack, target, ...rest } = plan;
  const { start, seed, stockProbes, purchaseProbe } = target;
  return {
    ...rest,
    stack: { ...stack, port: null, tapForFaults: false },
    target: {
      ...target,
      start: start === null ? null : { ...start, cwd: from(folder, start.cwd) },
      seed: seed.map((step) => moved(step, folder)),
      stockProbes: stockProbes.map((probe) => moved(probe, folder)),
      purchaseProbe: purchaseProbe === null ? null : moved(purchaseProbe, folder),
    },
  };
}

function moved<Part extends object>(part: Part, folder: string): Part {
  return "file" in part && typeof part.file === "string" ? { ...part, file: from(folder, part.file) } : part;
}

/** A path as seen from a folder: the same in every place to which both are copied. */
function from(folder: string, path: string): string {
  if (!path.startsWith("/")) return path;
  const start = folder.split("/");
  const end = path.split("/");
  const parting = start.findIndex((step, depth) => step !== end[depth]);
  const shared = parting < 0 ? start.length : parting;
  return [...start.slice(shared).map(() => ".."), ...end.slice(shared)].join("/");
}

/** JSON with its keys in order, so that it does not matter who wrote it. */
function spelled(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? inOrder(inner) : inner));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inOrder(mapping: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).sort(([a], [b]) => (a < b ? -1 : 1)));
}
