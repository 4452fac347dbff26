import type { History } from "../domain/history.ts";
import type { LockReading } from "../domain/truth.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { type Leak, type Leaks, leaksIn } from "./leaked-lock/leaks.ts";
import { type Remains, remainsLine, remainsOf } from "./leaked-lock/remains.ts";
import { inconclusiveFor } from "./inconclusive.ts";
import { Hindrances } from "./lock-log/hindrances.ts";
import { interleaving, lockMoment, shown } from "./lock-log/interleaving.ts";
import { judgeLocks, mayLeaveOutLocks, seesLocks } from "./lock-log/judge-locks.ts";
import { LEASE_IN_VALUE, isMoment } from "./lock-log/lease-in-value.ts";
import { isTapped, type LockStory, storyOf } from "./lock-log/lock-story.ts";
import { count } from "./wording.ts";

const EXPECTED = "every lock given up";

/**
 * Whoever was granted a lock gives it up on every node that granted it, every
 * lock has a lease in case he cannot, and no lock key outlives the run.
 */
export const leakedLock: Check = {
  name: "leaked_lock",
  kind: "correctness",
  applies: seesLocks,
  mayBeLeftOut: mayLeaveOutLocks,
  judge(run) {
    const eternal = (run.truth.locks ?? []).filter(({ pttlMs }) => pttlMs === -1);
    const [first] = eternal;
    if (first === undefined || mayHaveLease(first, run)) return judgeLocks(run, EXPECTED, (story) => rule(run, story));
    const detail = `${remainsLine(first)}: nobody can ever take it again`;
    return fail(`${count(eternal.length, "lock")} for ever`, detail, eternal.slice(0, 5).map(remainsLine));
  },
};

/** A key that Redis never ends may all the same be free for whoever finds the moment in it past. */
function mayHaveLease({ holder }: LockReading, run: Case): boolean {
  return isMoment(holder) && (!isTapped(run) || storyOf(run).log.opaque.includes(LEASE_IN_VALUE));
}

function rule(run: Case, story: LockStory): Ruling {
  const hindrances = new Hindrances(run.plan, run.faults);
  const over = lastAnswer(run.history);
  const leaks = leaksIn(story, hindrances, over);
  const remains = remainsOf(run.truth.locks ?? [], story, hindrances, over);
  const [leak] = leaks.found;
  if (leak !== undefined) return fail(`${count(leaks.found.length, "lock")} ${leak.kind}`, describe(leak), proof(leak));
  const left = remains.filter(({ verdict }) => verdict === "leaked");
  if (left.length > 0) {
    const detail = "what was given up was still there when everything had come to rest";
    return fail(`${count(left.length, "lock")} left behind`, detail, remainsEvidence(left));
  }
  return ruleWithoutLeaks(run, leaks, remains);
}

function ruleWithoutLeaks({ truth }: Case, { grants, excused, unclear }: Leaks, remains: readonly Remains[]): Ruling {
  const seen = `${count(grants, "grant")} on nodes, ${count(remains.length, "lock key")} at rest`;
  const inconclusive = inconclusiveFor(EXPECTED);
  if (!truth.settled || truth.locks === null) {
    return inconclusive("locks not read", `${seen}; nobody could look at the lock keys at rest`);
  }
  const [doubt] = unclear;
  if (doubt !== undefined) {
    return inconclusive(`${count(unclear.length, "lock")} perhaps leaked`, doubtful(doubt), proof(doubt));
  }
  const strange = remains.filter(({ verdict }) => verdict === "strange");
  if (strange.length > 0) {
    return inconclusive("unknown locks", `${seen}; nobody on the wire took these`, remainsEvidence(strange));
  }
  if (grants === 0) return inconclusive("no lock taken", `${seen} before the last answer`);
  const why = `${count(excused, "grant")} could not be given up because of a fault`;
  const detail = excused === 0 && remains.length === 0 ? `${seen}; each was followed by a release` : `${seen}; ${why}`;
  return { verdict: "pass", expected: EXPECTED, actual: "0 leaked", detail };
}

function fail(actual: string, detail: string, evidence: readonly string[]): Ruling {
  return { verdict: "fail", expected: EXPECTED, actual, detail, evidence };
}

function describe({ kind, grant, attempt, givenUp }: Leak): string {
  const then = givenUp ? "would have been there for ever, had its owner died" : unreleased(grant, attempt);
  const what = `${attempt.key} was granted to ${shown(attempt.token)}, and ${then}`;
  const known = grant.command.deliveredAt === null ? "; its owner never heard of the grant" : "";
  return `${kind}: ${what}${known}`;
}

/** Under one token a node may have given several grants, and been sent the releases of some. */
function unreleased(grant: Leak["grant"], { released }: Leak["attempt"]): string {
  return released.some(({ command }) => command.node === grant.command.node)
    ? "that node was sent fewer releases under this token than it gave grants"
    : "no release of it was sent to that node";
}

function doubtful(leak: Leak): string {
  const why =
    leak.seenGone === null
      ? "a fault came after the lease, and nobody knows whether the owner still would have"
      : "its server looked and found it gone, and nobody knows whether that was the owner, who had nothing left to give up";
  return `${describe(leak)}; ${why}`;
}

function proof({ grant, attempt, seenGone }: Leak): readonly string[] {
  const looked = seenGone === null ? [] : [lockMoment(seenGone)];
  return interleaving([lockMoment(grant), ...looked, ...attempt.released.slice(0, 3).map(lockMoment)]);
}

function remainsEvidence(remains: readonly Remains[]): readonly string[] {
  return remains
    .slice(0, 5)
    .flatMap(({ reading, grant }) => [
      remainsLine(reading),
      ...(grant === null ? [] : interleaving([lockMoment(grant)])),
    ]);
}

function lastAnswer(history: History): number {
  let last = -Infinity;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const ended = history.endedAt(attempt);
    if (ended > last) last = ended;
  }
  return last;
}
