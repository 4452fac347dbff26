import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import { findCircle } from "./circle.ts";
import type { ServiceSpec } from "./schema/service.ts";

/** Services that wait for each other would never start. */
export function findCircleMistakes(services: ReadonlyMap<string, Partial<ServiceSpec>>, mistakes: Mistakes): void {
  const waiting = new Map(
    [...services].map(([name, { depends_on = [] }]) => [name, depends_on.map(({ service }) => service)] as const),
  );
  const circle = findCircle(waiting);
  const [first = "", second] = circle ?? [];
  if (circle === undefined) return;
  const step = services.get(first)?.depends_on?.find(({ service }) => service === second)?.step ?? 0;
  mistakes.at(
    ["services", first, "depends_on", step],
    (where) => `${where}: expected an order in which services can start, found ${circle.join(" → ")}`,
    typeof step === "string" ? "key" : "value",
  );
}
