import type { Case, Check, Ruling } from "./check.ts";
import { type Intrusion, intrusionsOn } from "./foreign-release/intrusions.ts";
import { type Sharing, sharingIn } from "./foreign-release/shared-token.ts";
import { Hindrances } from "./lock-log/hindrances.ts";
import { interleaving, lockMoment, shown, writeMoment } from "./lock-log/interleaving.ts";
import { judgeLocks, mayLeaveOutLocks, seesLocks } from "./lock-log/judge-locks.ts";
import { type GuardedWrite, type LockOp, isSweep } from "./lock-log/lock-op.ts";
import type { LockStory } from "./lock-log/lock-story.ts";
import { count } from "./wording.ts";

const EXPECTED = "nobody touches another's lock";

/** Nobody releases, extends or overwrites a lock that is certainly somebody else's, and no two owners share a token. */
export const foreignRelease: Check = {
  name: "foreign_release",
  kind: "correctness",
  applies: seesLocks,
  mayBeLeftOut: mayLeaveOutLocks,
  judge: (run) => judgeLocks(run, EXPECTED, (story) => rule(run, story)),
};

function rule(run: Case, story: LockStory): Ruling {
  const intrusions = intrusionsIn(run, story);
  const sharings = sharingsIn(story);
  const [intrusion] = intrusions;
  const [sharing] = sharings;
  const found = intrusions.length + sharings.length;
  if (intrusion !== undefined) return fail(found, intrusion.kind, describe(intrusion), proofOf(intrusion));
  if (sharing !== undefined) {
    const what = `two owners at once use ${shown(sharing.attempt.token)} for ${sharing.attempt.key}: one releases the other's lock`;
    return fail(found, "shared token", what, sharingProof(sharing, run));
  }
  const released = story.log.ops.filter((op) => op.deed === "release" && op.effect === "yes" && !isSweep(op)).length;
  const extended = story.log.ops.filter(({ deed, effect }) => deed === "extend" && effect === "yes").length;
  const seen = `${count(released, "release")} and ${count(extended, "extension")} had an effect`;
  if (released + extended === 0) {
    const untold = story.log.ops.filter(({ deed, effect }) => deed === "release" && effect === "unknown").length;
    const detail =
      untold === 0
        ? `${seen}: no lock was ever given up or extended`
        : `${seen} for certain; what ${count(untold, "further release")} did is not told by the answers`;
    const actual = untold === 0 ? "no release" : "releases not told";
    return { verdict: "inconclusive", expected: EXPECTED, actual, detail };
  }
  return {
    verdict: "pass",
    expected: EXPECTED,
    actual: "0 foreign",
    detail: `${seen}, none of them on another's lock`,
  };
}

function fail(found: number, kind: string, detail: string, evidence: readonly string[]): Ruling {
  return { verdict: "fail", expected: EXPECTED, actual: `${count(found, "violation")}: ${kind}`, detail, evidence };
}

function intrusionsIn({ plan, faults }: Case, { log, losses }: LockStory): Intrusion[] {
  const hindrances = new Hindrances(plan, faults);
  const places = new Map<string, LockOp[]>();
  for (const op of log.ops) {
    const place = `${String(op.command.node)} ${op.key}`;
    const ops = places.get(place);
    if (ops === undefined) places.set(place, [op]);
    else ops.push(op);
  }
  return [...places.values()].flatMap((ops) => intrusionsOn(ops, losses, hindrances));
}

function sharingsIn({ holds, quorums, log }: LockStory): Sharing[] {
  const writes = new Map<string, GuardedWrite[]>();
  for (const write of log.writes) {
    if (write.token === null) continue;
    const mine = writes.get(write.token);
    if (mine === undefined) writes.set(write.token, [write]);
    else mine.push(write);
  }
  const nextAsk = new Map<string, number>();
  return holds
    .toReversed()
    .flatMap((held) => {
      const { product, server, token, asked } = held.attempt;
      const owner = `${String(product)} ${String(server)} ${token}`;
      // Work that comes after the same token was asked for again may be that later owner's.
      const until = nextAsk.get(owner) ?? Infinity;
      nextAsk.set(owner, asked[0]?.command.sentAt ?? until);
      const mine = (writes.get(token) ?? []).filter(
        ({ command }) => command.server === server && command.sentAt < until,
      );
      return sharingIn(held, quorums.get(product)?.most ?? 1, mine) ?? [];
    })
    .toReversed();
}

function describe({ kind, intruder, victim }: Intrusion): string {
  const whose = victim.token === null ? "nobody's" : shown(victim.token);
  const [name = "?"] = intruder.command.words;
  if (isSweep(intruder)) return `${kind}: ${victim.key} was held for ${whose}, and ${name} removed everything`;
  const by = intruder.token === null ? "a command that compares no token" : shown(intruder.token);
  return `${kind}: ${victim.key} was held for ${whose}, and struck by ${by}`;
}

function proofOf({ intruder, victim }: Intrusion): readonly string[] {
  return interleaving([lockMoment(victim), lockMoment(intruder)]);
}

function sharingProof({ proof, write }: Sharing, { plan }: Case): readonly string[] {
  const key = plan.target.lockKeys?.guarded ?? "what it guards";
  return interleaving([...proof.map(lockMoment), ...(write === null ? [] : [writeMoment(write, key)])]);
}
