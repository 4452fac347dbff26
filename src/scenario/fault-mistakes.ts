import { findFaultClashes } from "./fault-clashes.ts";
import type { ReadSections } from "./cross-mistakes.ts";
import { type Crew, missingTargets } from "./faults.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import type { FaultSpec } from "./schema/faults.ts";
import type { ReadTarget } from "./target-mistakes.ts";

/** @param starts whether lockbench starts the shop: what it did not start it does not break */
export function findFaultMistakes(read: ReadSections, target: ReadTarget, starts: boolean, mistakes: Mistakes): void {
  const faults = read.faults ?? [];
  const crew = crewOf(read, starts);
  for (const [place, fault] of faults.entries()) {
    if (read.stack !== undefined) {
      for (const { path, expected, found } of missingTargets(fault, crew)) {
        mistakes.expected(["faults", place, ...path], expected, found);
      }
    }
    findKeyMistakes(fault, place, mistakes);
  }
  findFaultClashes(read, mistakes);
  findTapMistakes(read, crew, mistakes);
  findDemandMistakes(read, target, faults.length, mistakes);
}

function crewOf({ stack }: ReadSections, starts: boolean): Crew {
  const redis = stack?.redis ?? (starts ? 1 : 0);
  return { nodes: typeof redis === "number" ? redis : 0, servers: starts ? (stack?.replicas ?? 1) : 0 };
}

function findKeyMistakes(fault: FaultSpec, place: number, mistakes: Mistakes): void {
  if (fault.data !== undefined && fault.kill?.nodes === undefined) {
    mistakes.expected(["faults", place, "data"], "no such key, since no Redis node is killed", `"${fault.data}"`);
  }
  if (fault.for !== undefined && fault.script_flush !== undefined) {
    mistakes.expected(["faults", place, "for"], "no such key, since a script flush is over at once", "one");
  }
  if (fault.for === undefined && fault.freeze?.servers !== undefined) {
    const need = "a duration, since the load cannot end before the buyers of a frozen server have given up";
    mistakes.expected(["faults", place, "for"], need, "none");
  }
}

function findTapMistakes({ stack, faults }: ReadSections, { nodes, servers }: Crew, mistakes: Mistakes): void {
  const kind = faults?.find(onTheWire)?.latency === undefined ? "partition" : "latency";
  if (stack?.tap === false && faults?.some(onTheWire) === true) {
    mistakes.expected(["stack", "tap"], `true, since a fault is on the wire (\`${kind}\`)`, "false");
  }
  if (stack?.tap === true && (nodes === 0 || servers === 0)) {
    const need = "no tap, since lockbench does not start both the servers and Redis";
    mistakes.expected(["stack", "tap"], need, "true");
  }
}

function onTheWire({ partition, latency }: FaultSpec): boolean {
  return partition !== undefined || latency !== undefined;
}

function findDemandMistakes(
  { expect }: ReadSections,
  { answer }: ReadTarget,
  faults: number,
  mistakes: Mistakes,
): void {
  if (expect?.recovery !== undefined && faults === 0) {
    mistakes.expected(["expect", "recovery"], "`faults` to recover from", "none");
  }
  if (expect?.breaker !== undefined && answer !== undefined && answer.breaker === undefined) {
    mistakes.expected(["expect", "breaker"], "`target.answer.breaker`, which tells the breaker's state", "none");
  }
}
