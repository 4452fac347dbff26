import { nodeName } from "../../domain/service-name.ts";
import type { LockReading } from "../../domain/truth.ts";
import type { Hindrances } from "../lock-log/hindrances.ts";
import { shown } from "../lock-log/interleaving.ts";
import type { LockOp } from "../lock-log/lock-op.ts";
import type { LockStory } from "../lock-log/lock-story.ts";
import { number } from "../wording.ts";

/** What is to be said of a lock key that was still there when everything had come to rest. */
export interface Remains {
  readonly reading: LockReading;
  readonly verdict: "leaked" | "excused" | "strange";
  /** The command that had put it there; null when the wire knows none. */
  readonly grant: LockOp | null;
}

/** @param before keys that were taken later belong to whatever the servers do at rest, in ns */
export function remainsOf(
  readings: readonly LockReading[],
  { holds }: LockStory,
  hindrances: Hindrances,
  before: number,
): Remains[] {
  const grants = new Map<string, LockOp>();
  for (const { attempt } of holds) {
    for (const op of attempt.asked) {
      if (op.effect !== "no") grants.set(JSON.stringify([nodeName(op.command.node), op.key, op.token]), op);
    }
  }
  return readings.map((reading) => {
    const grant = grants.get(JSON.stringify([reading.source, reading.key, reading.holder])) ?? null;
    if (grant === null) return { reading, grant, verdict: "strange" };
    const { server, node, sentAt } = grant.command;
    const during = { from: sentAt, to: Infinity };
    const excused = sentAt >= before || hindrances.stopped(server, during) || hindrances.cutOff(server, node, during);
    return { reading, grant, verdict: excused ? "excused" : "leaked" };
  });
}

/** `redis1: lock:stock:1 holds "a:7" for another 1200 ms` */
export function remainsLine({ source, key, holder, pttlMs }: LockReading): string {
  const life = pttlMs < 0 ? "for ever" : `for another ${number(pttlMs)} ms`;
  return `${source}: ${key} holds ${shown(holder)} ${life}`;
}
