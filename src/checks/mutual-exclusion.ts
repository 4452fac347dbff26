import type { Case, Check, Ruling } from "./check.ts";
import { inconclusiveFor } from "./inconclusive.ts";
import { Hindrances } from "./lock-log/hindrances.ts";
import { type Held, ownerName } from "./lock-log/holds.ts";
import { isRefusal, judgeLocks, mayLeaveOutLocks, seesLocks } from "./lock-log/judge-locks.ts";
import type { LockStory } from "./lock-log/lock-story.ts";
import { actsIn } from "./mutual-exclusion/acts.ts";
import {
  type Violation,
  describeForgotten,
  describeOverlap,
  describeOverrun,
  describeTrespass,
  guardedKey,
} from "./mutual-exclusion/describe.ts";
import { type Forgotten, forgottenIn } from "./mutual-exclusion/forgotten.ts";
import { causeOf, overlapsIn } from "./mutual-exclusion/overlap.ts";
import { hiddenOverrun, type Overrun } from "./mutual-exclusion/overrun.ts";
import { Watch } from "./mutual-exclusion/trespass.ts";
import { count } from "./wording.ts";

const EXPECTED = "no lock held by two at once";

/**
 * No two owners certainly held one lock at the same time, and nobody wrote what
 * a lock guards while it was certainly somebody else's. A hold is certain from
 * the reply of the last node of a majority until its release is sent or the
 * first lease that it needs may have ended.
 */
export const mutualExclusion: Check = {
  name: "mutual_exclusion",
  kind: "correctness",
  applies: seesLocks,
  mayBeLeftOut: mayLeaveOutLocks,
  judge: (run) => judgeLocks(run, EXPECTED, (story) => rule(run, story)),
};

function rule(run: Case, story: LockStory): Ruling {
  const forgotten = forgottenBy(run, story);
  const violations = [
    ...violationsIn(run, story),
    ...forgotten.filter(({ worked }) => worked === "yes").map((one) => describeForgotten(one, run)),
  ];
  const [first] = violations;
  if (first !== undefined) {
    const actual = `${count(violations.length, "violation")}: ${first.kind}`;
    return { verdict: "fail", expected: EXPECTED, actual, detail: first.detail, evidence: first.evidence };
  }
  const certain = story.holds.filter((held) => held.certain.length > 0);
  const refused = story.log.ops.filter(isRefusal).length;
  const seen = `${count(certain.length, "certain hold")}, ${count(refused, "refusal")} by nodes`;
  const inconclusive = inconclusiveFor(EXPECTED);
  if (certain.length < 2 || refused === 0) {
    return inconclusive("no contention", `${seen}: nobody met anybody at a lock, so it kept nobody out`);
  }
  if (!anyTwoApart(certain)) {
    const detail = `${seen}, and one owner's token for all holds of each lock: nobody knows whether they were two at once`;
    return inconclusive("owners not told apart", detail);
  }
  const [doubt] = forgotten.filter(({ worked }) => worked === "unknown");
  if (doubt !== undefined) {
    const { detail, evidence } = describeForgotten(doubt, run);
    return inconclusive("a node forgot", `${detail}; the wire does not show whether both went on`, evidence);
  }
  const overrun = overrunIn(run, story);
  if (overrun !== undefined) {
    const { detail, evidence } = describeOverrun(overrun, guardedKey(run.plan, overrun.late.attempt.product));
    return inconclusive("work after a lease unseen", detail, evidence);
  }
  const unused = `; ${count(forgotten.length, "majority", "majorities")} by the help of a node that had forgotten another, not made use of`;
  const detail = `${seen}; no two of one lock overlap${forgotten.length === 0 ? "" : unused}`;
  return { verdict: "pass", expected: EXPECTED, actual: "0 overlaps", detail };
}

/** Whoever had a majority only because a node had lost its memory. */
function forgottenBy({ plan, faults }: Case, { log, holds }: LockStory): Forgotten[] {
  const hindrances = new Hindrances(plan, faults);
  return plan.products.flatMap((_, product) =>
    forgottenIn(
      holds.filter(({ attempt }) => attempt.product === product),
      log.writes.filter((write) => write.product === product),
      hindrances,
    ),
  );
}

function overrunIn({ plan, faults }: Case, { log, holds }: LockStory): Overrun | undefined {
  const hindrances = new Hindrances(plan, faults);
  for (const product of plan.products.keys()) {
    const ours = holds.filter(({ attempt }) => attempt.product === product);
    const overrun = hiddenOverrun(
      ours,
      log.writes.filter((write) => write.product === product),
      hindrances,
    );
    if (overrun !== undefined) return overrun;
  }
  return undefined;
}

/** Whether any lock was held by two owners: an owner is a token of a server. */
function anyTwoApart(holds: readonly Held[]): boolean {
  const owners = new Map<number, string>();
  return holds.some(({ attempt }) => {
    const owner = ownerName(attempt);
    const first = owners.get(attempt.product) ?? owner;
    owners.set(attempt.product, first);
    return first !== owner;
  });
}

function violationsIn({ plan }: Case, { log, holds }: LockStory): Violation[] {
  const removals = log.ops.filter(({ deed, effect }) => deed === "release" && effect === "yes");
  const acts = actsIn(log.writes, plan);
  return plan.products.flatMap((_, product) => {
    const ours = holds.filter(({ attempt }) => attempt.product === product);
    const watch = new Watch(ours);
    const trespasses = acts
      .filter((act) => act.product === product)
      .flatMap((act) => watch.trespass(act) ?? [])
      .map((trespass) => describeTrespass(trespass, guardedKey(plan, product)));
    const overlaps = overlapsIn(ours).map((overlap) =>
      describeOverlap(
        overlap,
        causeOf(
          overlap,
          removals.filter((op) => op.product === product),
        ),
      ),
    );
    return [...overlaps, ...trespasses];
  });
}
