import type { Plan } from "../../domain/plan.ts";
import type { WireLog } from "../../domain/wire.ts";
import type { Case } from "../check.ts";
import { type Held, type Quorum, holdsIn } from "./holds.ts";
import type { LockLog, LockOp } from "./lock-op.ts";
import { Losses } from "./losses.ts";
import { readLockLog } from "./read-log.ts";
import { triesIn } from "./tries.ts";

/** Who held which lock when, as far as the wire tells. */
export interface LockStory {
  readonly log: LockLog;
  /** In the order in which they were begun. */
  readonly holds: readonly Held[];
  readonly losses: Losses;
  /** By product. */
  readonly quorums: ReadonlyMap<number, Quorum>;
}

/** A run whose wire was recorded. */
export type TappedCase = Case & { readonly wire: WireLog };

export function isTapped(run: Case): run is TappedCase {
  return run.wire !== null;
}

/** Half of the checks ask for it, and reading a long wire log takes a while: it is told once for each run. */
const told = new WeakMap<TappedCase, LockStory>();

export function storyOf(run: TappedCase): LockStory {
  const story = told.get(run) ?? tell(run);
  told.set(run, story);
  return story;
}

function tell({ wire, plan, faults }: TappedCase): LockStory {
  const log = readLockLog(wire, plan);
  const losses = new Losses(plan, faults);
  const quorums = quorumsOf(log.ops, plan);
  return { log, holds: holdsIn(triesIn(log.ops), quorums, losses), losses, quorums };
}

/**
 * A lock that was only ever tried on one node lives there. Any other needs a
 * majority: of all nodes to be sure of it, and of those that were ever tried to
 * think it possible, since nodes that were away from the start may never have been.
 */
function quorumsOf(ops: readonly LockOp[], { stack }: Plan): Map<number, Quorum> {
  const all = new Set<number>();
  const nodes = new Map<number, Set<number>>();
  for (const { deed, product, command } of ops) {
    if (deed !== "acquire" && deed !== "overwrite") continue;
    const tried = nodes.get(product) ?? new Set();
    nodes.set(product, tried.add(command.node));
    all.add(command.node);
  }
  const majority = (count: number): number => Math.floor(count / 2) + 1;
  const many = { most: majority(Math.max(all.size, stack.redisNodes)), least: majority(all.size) };
  return new Map([...nodes].map(([product, tried]) => [product, tried.size === 1 ? { most: 1, least: 1 } : many]));
}
