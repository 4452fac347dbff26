import type { FaultAction, FaultPlan } from "../domain/fault.ts";
import { type Random, seededRandom } from "../domain/random.ts";
import { nodeName, serverName } from "../domain/service-name.ts";
import type { FaultSpec, TargetsSpec } from "./schema/faults.ts";

/** How many of each a stack starts. */
export interface Crew {
  readonly nodes: number;
  readonly servers: number;
}

/** Faults with their targets drawn where the scenario says only how many. */
export function faultPlans(specs: readonly FaultSpec[], crew: Crew, seed: number): readonly FaultPlan[] {
  // A stream of its own: who buys what must not depend on what is broken.
  const random = seededRandom(seed ^ 0x5f_ae_17);
  return specs.map((spec) => ({ action: actionOf(spec, crew, random), at: spec.at, forMs: spec.for ?? null }));
}

function actionOf(spec: FaultSpec, crew: Crew, random: Random): FaultAction {
  const nodes = (given: TargetsSpec | undefined): number[] => pick(given ?? [], nodeName, crew.nodes, random);
  const servers = (given: TargetsSpec | undefined): number[] => pick(given ?? [], serverName, crew.servers, random);
  const someServers = (given: TargetsSpec | undefined): number[] => servers(given ?? crew.servers);
  const { kill, freeze, client_pause: pause, script_flush: flush, partition, latency } = spec;
  if (kill !== undefined) {
    const keepData = spec.data === "kept";
    return { kind: "kill", nodes: nodes(kill.nodes), servers: servers(kill.servers), keepData };
  }
  if (freeze !== undefined) return { kind: "freeze", nodes: nodes(freeze.nodes), servers: servers(freeze.servers) };
  if (pause !== undefined) return { kind: "client_pause", nodes: nodes(pause.nodes) };
  if (partition !== undefined) {
    const { direction } = partition;
    return { kind: "partition", servers: someServers(partition.servers), nodes: nodes(partition.nodes), direction };
  }
  if (latency !== undefined) {
    const { direction, delay: ms, jitter: jitterMs = 0 } = latency;
    const ends = { servers: someServers(latency.servers), nodes: nodes(latency.nodes) };
    return { kind: "latency", ...ends, direction, ms, jitterMs };
  }
  return { kind: "script_flush", nodes: nodes(flush?.nodes) };
}

/** Places of the names; or so many places, drawn without repetition and put in order. */
function pick(given: TargetsSpec, nameOf: (place: number) => string, of: number, random: Random): number[] {
  const all = Array.from({ length: of }, (_, place) => place);
  if (typeof given !== "number") return all.filter((place) => given.includes(nameOf(place)));
  for (let place = 0; place < given && place < of; place += 1)
    swap(all, place, place + Math.floor(random() * (of - place)));
  return all.slice(0, given).sort((a, b) => a - b);
}

function swap(list: number[], one: number, other: number): void {
  const kept = list[one] ?? 0;
  list[one] = list[other] ?? 0;
  list[other] = kept;
}

/** What a fault names that the stack does not have, a line each: the path below the fault, what was expected, what was found. */
export interface MissingTarget {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: string;
}

/** @param crew what there is; what is left out is not looked at */
export function missingTargets(spec: FaultSpec, crew: Partial<Crew>): readonly MissingTarget[] {
  return Object.entries(spec).flatMap(([kind, value]) => {
    if (typeof value !== "object") return [];
    const { nodes, servers } = value as { readonly nodes?: TargetsSpec; readonly servers?: TargetsSpec };
    return [
      ...missing([kind, "nodes"], nodes, "Redis nodes", nodeName, crew.nodes),
      ...missing([kind, "servers"], servers, "servers", serverName, crew.servers),
    ];
  });
}

function missing(
  path: readonly string[],
  given: TargetsSpec | undefined,
  what: string,
  nameOf: (place: number) => string,
  of: number | undefined,
): MissingTarget[] {
  if (given === undefined || of === undefined) return [];
  const names = Array.from({ length: of }, (_, place) => nameOf(place));
  const have = of === 0 ? `no ${what}, since lockbench starts none` : `only the ${what} ${names.join(", ")}`;
  if (typeof given === "number") return given <= of ? [] : [{ path, expected: have, found: String(given) }];
  return given.flatMap((name, place) => {
    if (!names.includes(name)) return [{ path: [...path, place], expected: have, found: `"${name}"` }];
    const again = given.indexOf(name) < place;
    return again ? [{ path: [...path, place], expected: "each name once", found: `"${name}" again` }] : [];
  });
}
