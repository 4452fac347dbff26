import type { ReadSections } from "./cross-mistakes.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import type { FaultSpec } from "./schema/faults.ts";

/** A fault whose moment and targets are known beforehand. Times in ms after the first send. */
interface Fixed {
  readonly place: number;
  readonly spec: FaultSpec;
  readonly from: number;
  /** When it is undone at the earliest. */
  readonly to: number;
}

/** Faults that cannot be what they say, because of one another or of the buyers' patience, as far as that is certain. */
export function findFaultClashes({ faults = [], load }: ReadSections, mistakes: Mistakes): void {
  const fixed = faults.flatMap((spec, place): Fixed[] =>
    spec.at.kind === "elapsed"
      ? [{ place, spec, from: spec.at.ms, to: spec.at.ms + (spec.for ?? Number.POSITIVE_INFINITY) }]
      : [],
  );
  const kills = fixed.filter(({ spec }) => spec.kill !== undefined);
  for (const kill of kills) {
    for (const name of namesOf(kill.spec.kill)) {
      if (!findDownAlready(kill, name, kills, mistakes) && kill.spec.data === "kept") {
        findHeld(kill, name, fixed, mistakes);
      }
    }
  }
  for (const [place, spec] of faults.entries()) findImpatience(spec, place, load?.timeout, mistakes);
}

/** @returns whether it is */
function findDownAlready(kill: Fixed, name: string, kills: readonly Fixed[], mistakes: Mistakes): boolean {
  const earlier = kills.find((one) => strikesBefore(one, kill) && namesOf(one.spec.kill).includes(name));
  if (earlier === undefined) return false;
  const why = `faults[${String(earlier.place)}] kills it at ${span(earlier)}`;
  mistakes.expected(["faults", kill.place, "at"], `a moment at which ${name} is up, and ${why}`, ms(kill.from));
  return true;
}

/** A node that is frozen or paused cannot save its data, unless another kill has ended that. */
function findHeld(kill: Fixed, name: string, fixed: readonly Fixed[], mistakes: Mistakes): void {
  const holds = (one: Fixed): boolean =>
    namesOf(one.spec.freeze).includes(name) || namesOf(one.spec.client_pause).includes(name);
  const ended = (one: Fixed): boolean =>
    fixed.some(({ spec, from }) => namesOf(spec.kill).includes(name) && from >= one.from && from < kill.from);
  const holder = fixed.find((one) => holds(one) && strikesBefore(one, kill) && !ended(one));
  if (holder === undefined) return;
  const why = `faults[${String(holder.place)}] holds it from ${span(holder)}`;
  mistakes.expected(
    ["faults", kill.place, "at"],
    `a moment at which ${name} can save its data, and ${why}`,
    ms(kill.from),
  );
}

function findImpatience(spec: FaultSpec, place: number, timeoutMs: number | undefined, mistakes: Mistakes): void {
  if (spec.freeze?.servers === undefined || spec.for === undefined || timeoutMs === undefined) return;
  if (spec.for < timeoutMs) return;
  const need = `less than \`load.timeout\`, ${ms(timeoutMs)}: nobody waits for it any longer`;
  mistakes.expected(["faults", place, "for"], need, ms(spec.for));
}

/** True when `one` is certainly in force at the moment at which `other` begins. */
function strikesBefore(one: Fixed, other: Fixed): boolean {
  if (one === other) return false;
  const first = one.from < other.from || (one.from === other.from && one.place < other.place);
  return first && other.from < one.to;
}

/** None where they are only counted: then they are drawn. */
function namesOf(targets: FaultSpec["kill"] | FaultSpec["client_pause"]): string[] {
  if (targets === undefined) return [];
  const servers = "servers" in targets ? targets.servers : undefined;
  return [targets.nodes, servers].flatMap((given) => (typeof given === "object" ? given : []));
}

function span({ spec, from }: Fixed): string {
  return spec.for === undefined ? `${ms(from)} to the end of the load` : `${ms(from)} for ${ms(spec.for)}`;
}

function ms(value: number): string {
  return `${String(value)} ms`;
}
