import { describeAction } from "../../domain/describe-fault.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Case } from "../check.ts";
import type { Held } from "../lock-log/holds.ts";
import { type Moment, interleaving, lockMoment, shown, writeMoment } from "../lock-log/interleaving.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import { milliseconds } from "../wording.ts";
import type { Act } from "./acts.ts";
import type { Forgotten } from "./forgotten.ts";
import { type Overlap, type causeOf } from "./overlap.ts";
import type { Overrun } from "./overrun.ts";
import type { Trespass } from "./trespass.ts";

/** What the row says of one violation. */
export interface Violation {
  readonly kind: string;
  readonly detail: string;
  readonly evidence: readonly string[];
}

/** The name of what the lock of this product guards. */
export function guardedKey({ target, products }: Plan, product: number): string {
  return target.lockKeys?.guarded?.replaceAll("${product}", products[product]?.id ?? "?") ?? "?";
}

export function describeOverlap({ first, second, both }: Overlap, cause: ReturnType<typeof causeOf>): Violation {
  const who = `${shown(first.attempt.token)} and ${shown(second.attempt.token)}`;
  const when = `from ${milliseconds(both.from)} to ${milliseconds(both.to)}`;
  const before = first.attempt.released.find(({ command }) => command.sentAt >= both.from);
  return {
    kind: cause.kind,
    detail: `${cause.kind}: ${who} both held ${first.attempt.key} ${when}`,
    evidence: interleaving([
      ...grants(first, both.from),
      ...cause.proof.map(lockMoment),
      ...grants(second, both.from),
      ...(before === undefined ? [] : [lockMoment(before)]),
    ]),
  };
}

export function describeTrespass({ act, kind, holder, own }: Trespass, key: string): Violation {
  const [written] = act.effective;
  const whose = act.token === null ? "a server without the lock" : shown(act.token);
  const at = written === undefined ? act.sentAt : written.command.sentAt;
  return {
    kind,
    detail: `${kind}: ${whose} wrote ${key} at ${milliseconds(at)}; the lock had gone to ${shown(holder.attempt.token)}`,
    evidence: interleaving([
      ...(own === undefined ? [] : grants(own, Infinity)),
      ...grants(holder, Infinity),
      ...writes(act, key),
      ...releases(holder),
    ]),
  };
}

export function describeForgotten({ first, second, both, write }: Forgotten, run: Case): Violation {
  const who = `${shown(first.attempt.token)} and ${shown(second.attempt.token)}`;
  const when = `from ${milliseconds(both.from)} to ${milliseconds(both.to)}`;
  const kind = "within validity: a node forgot";
  const key = guardedKey(run.plan, first.attempt.product);
  const moments = [
    ...grants(first, both.from),
    ...grants(second, both.from),
    ...(write === null ? [] : [writeMoment(write, key)]),
    ...releases(first),
  ];
  return {
    kind,
    detail: `${kind}: ${who} both had a majority of ${first.attempt.key} ${when}`,
    evidence: [...losses(first, both.from, run), ...interleaving(moments)],
  };
}

export function describeOverrun({ late, release, other, write }: Overrun, guarded: string): Omit<Violation, "kind"> {
  const { key, token } = late.attempt;
  const when = milliseconds(release.command.sentAt);
  const unseen =
    write === null
      ? "the wire does not show whether it still worked; say what the lock guards (lock_keys.guarded), if that is in Redis"
      : `a write of ${guarded} by its server meanwhile names no owner`;
  const moments = [...grants(late, Infinity), ...grants(other, Infinity), lockMoment(release)];
  return {
    detail: `${shown(token)} gave ${key} up at ${when}, after its lease, when ${shown(other.attempt.token)} had come to hold it; ${unseen}`,
    evidence: interleaving(write === null ? moments : [...moments, writeMoment(write, guarded)]),
  };
}

/** `kill redis2 (data lost) at 30 ms, healed at 50 ms`: what struck the first owner's nodes before the second came. */
function losses({ attempt }: Held, by: number, { plan, faults }: Case): string[] {
  return faults.flatMap(({ fault, injectedAt, healedAt }) => {
    const action = plan.faults[fault]?.action;
    const struck = attempt.asked.some(
      (op) => isGrant(op) && action?.nodes.includes(op.command.node) === true && op.command.sentAt <= by,
    );
    if (action?.kind !== "kill" || !struck || !(injectedAt <= by)) return [];
    return [`${describeAction(action)} at ${milliseconds(injectedAt)}, healed at ${milliseconds(healedAt)}`];
  });
}

function writes({ effective }: Act, key: string): Moment[] {
  return effective.slice(0, 3).map((write) => writeMoment(write, key));
}

/** What gave the lock to its owner by this moment, three nodes of it. */
function grants({ attempt }: Held, by: number): Moment[] {
  return attempt.asked
    .filter((op) => isGrant(op) && (op.command.deliveredAt ?? Infinity) <= by)
    .slice(-3)
    .map(lockMoment);
}

function releases({ attempt }: Held): Moment[] {
  return attempt.released.slice(0, 1).map(lockMoment);
}
