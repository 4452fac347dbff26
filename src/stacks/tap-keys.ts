import type { Plan } from "../domain/plan.ts";

/** What the keys begin with that matter to locks and stock: the wire tap records the commands that name them. */
export function tapKeys({ target }: Plan): readonly string[] {
  const { lockKeys, stockProbes } = target;
  const patterns = [
    ...(lockKeys === null ? [] : [lockKeys.lock, ...(lockKeys.guarded === null ? [] : [lockKeys.guarded])]),
    ...stockProbes.flatMap((probe) => (probe.kind === "redis" ? [probe.key] : [])),
  ];
  return [...new Set(patterns.map((pattern) => pattern.split("${", 1)[0] ?? ""))].sort();
}
