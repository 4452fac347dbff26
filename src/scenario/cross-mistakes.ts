import { unitsOfEach } from "./demands.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import { productPlans } from "./products.ts";
import type { ScenarioSpec } from "./schema/scenario.ts";
import { didYouMean } from "../host/suggest.ts";

/** The sections that could be read; what is broken or absent is undefined. */
export type ReadSections = Partial<Omit<ScenarioSpec, "target">>;

/** What is wrong between sections that are sound in themselves. */
export function findCrossMistakes(
  name: string,
  read: ReadSections,
  locks: readonly string[] | undefined,
  mistakes: Mistakes,
): void {
  findLockMistake(read, locks, mistakes);
  findProductMistakes(read, mistakes);
  findLoadMistakes(read, mistakes);
  if (read.control !== undefined && !name.startsWith("control_")) {
    mistakes.at(["control"], (where) => `${where}: expected a folder named control_…, found "${name}"`, "key");
  }
}

function findLockMistake({ lock }: ReadSections, locks: readonly string[] | undefined, mistakes: Mistakes): void {
  if (lock === undefined || locks === undefined || locks.includes(lock)) return;
  const choices = locks.length === 0 ? "no lock, since the target lists none in `locks`" : `one of ${locks.join(", ")}`;
  mistakes.expected(["lock"], choices, `"${lock}"${didYouMean(lock, locks)}`);
}

function findProductMistakes({ products, load, expect }: ReadSections, mistakes: Mistakes): void {
  if (products === undefined) return;
  const plans = productPlans(products);
  for (const [place, { id }] of plans.entries()) {
    const first = plans.findIndex((other) => other.id === id);
    if (first !== place) mistakes.expected(["products", place, "id"], "an id of its own", `"${id}" again`);
  }
  if (plans.every(({ stock }) => stock === 0)) mistakes.expected(["products"], "something for sale", "a stock of 0");
  if (load === undefined || load.basket !== undefined || expect?.sold !== undefined) return;
  const odd = plans.findIndex(({ stock }) => stock % load.quantity !== 0);
  const { stock } = plans[odd] ?? { stock: 0 };
  if (odd >= 0) mistakes.expected(["products", odd, "stock"], unitsOfEach(load.quantity), String(stock));
}

function findLoadMistakes({ load, contention, expect }: ReadSections, mistakes: Mistakes): void {
  if (load?.retry !== undefined && load.run_time !== undefined) {
    mistakes.expected(["load", "retry"], "no `run_time` beside it, in which everybody goes on buying anyway", "both");
  }
  if (expect?.sold === "all" && load?.run_time !== undefined) {
    mistakes.expected(["expect", "sold"], "a number, since nobody knows how much `run_time` lets be asked for", "all");
  }
  if (load?.buyers_repeat === true && load.run_time === undefined) {
    mistakes.expected(
      ["load", "buyers_repeat"],
      "`run_time` beside it, since nobody comes back in a load without",
      "none",
    );
  }
  const inFlight = contention?.in_flight;
  if (load !== undefined && inFlight !== undefined && "buyers" in inFlight && inFlight.buyers > load.buyers) {
    mistakes.expected(
      ["contention", "in_flight"],
      `at most the ${String(load.buyers)} buyers`,
      String(inFlight.buyers),
    );
  }
}
