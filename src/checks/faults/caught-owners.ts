import type { FaultAction, FaultRecord } from "../../domain/fault.ts";
import type { Case } from "../check.ts";
import { isTapped, type LockStory, storyOf } from "../lock-log/lock-story.ts";
import { isGrant, seesLocks } from "../lock-log/judge-locks.ts";
import type { Try } from "../lock-log/tries.ts";
import { milliseconds } from "../wording.ts";

const NS_PER_MS = 1e6;

/** A lock that a server held while it was frozen. */
export interface Caught {
  readonly key: string;
  /** For how long the server stayed frozen after the lease may have ended, in ns; below 0: until how long before. */
  readonly pastLease: number;
}

/** What a freeze of servers says of leases. */
export interface Freeze {
  readonly caught: readonly Caught[];
  /** True when it lasted longer than any lease: then it was meant to outlast one. */
  readonly long: boolean;
}

/**
 * For each freeze of servers which locks those held meanwhile, for certain.
 * @returns null where nobody can know: no lock is followed on the wire
 */
export function freezesOf(run: Case): ReadonlyMap<FaultRecord, Freeze> | null {
  const { plan, faults } = run;
  const freezes = faults.filter(({ fault, injectedAt }) => {
    return frozenServers(plan.faults[fault]?.action).length > 0 && !Number.isNaN(injectedAt);
  });
  if (freezes.length === 0 || !isTapped(run) || run.wire.lost.length > 0 || !seesLocks(plan)) return null;
  const story = storyOf(run);
  if (story.log.opaque.length > 0) return null;
  const lease = longestLease(story);
  return new Map(
    freezes.map((freeze) => {
      const caught = heldAt(freeze, frozenServers(plan.faults[freeze.fault]?.action), story);
      return [freeze, { caught, long: thawedAt(freeze) - freeze.inForceAt > lease }];
    }),
  );
}

/** Whether any freeze went on when the lease of a lock that its servers held was over. */
export function outlastedALease(freezes: Iterable<Freeze>): boolean {
  return [...freezes].some(({ caught }) => caught.some(({ pastLease }) => pastLease > 0));
}

/** In ns; Infinity where there is a lock without a lease, or no lock. */
function longestLease({ log }: LockStory): number {
  const leases = log.ops.filter(isGrant).map(({ ttlMs }) => (ttlMs ?? Infinity) * NS_PER_MS);
  return leases.length === 0 ? Infinity : Math.max(...leases);
}

function frozenServers(action: FaultAction | undefined): readonly number[] {
  return action?.kind === "freeze" ? action.servers : [];
}

/** `with lock:stock:1 held there, until 12.3 ms past its lease` */
export function describeCaught(caught: readonly Caught[]): string {
  const [longest] = [...caught].sort((one, other) => other.pastLease - one.pastLease);
  if (longest === undefined) return "with no lock held there";
  const { key, pastLease } = longest;
  const past = pastLease > 0 ? `until ${milliseconds(pastLease)} past its lease` : "thawed before its lease was over";
  return `with ${key} held there, ${past}`;
}

function thawedAt({ healedAt }: FaultRecord): number {
  return Number.isNaN(healedAt) ? Infinity : healedAt;
}

/** Held when it froze, or granted by an answer that found it asleep, and over before it woke up. */
function heldAt(freeze: FaultRecord, servers: readonly number[], story: LockStory): Caught[] {
  const { injectedAt, inForceAt } = freeze;
  const thawed = thawedAt(freeze);
  const isAnswer = ({ asked }: Try): boolean => asked.every(({ command }) => command.sentAt <= inForceAt);
  return story.holds.flatMap(({ attempt, certain }) => {
    if (!servers.includes(attempt.server)) return [];
    const held = certain.find(({ from, to }) => from <= injectedAt && injectedAt < to);
    const during = held ?? certain.find(({ from, to }) => from > injectedAt && to < thawed && isAnswer(attempt));
    return during === undefined ? [] : [{ key: attempt.key, pastLease: thawed - during.to }];
  });
}
