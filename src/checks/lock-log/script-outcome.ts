import type { Effect, GuardedWrite, LockOp } from "./lock-op.ts";
import type { Look } from "./lua/state.ts";
import { type Given, plain } from "./lua/values.ts";
import type { Deeds, ScriptDeed } from "./script-deeds.ts";

/** What one call of a script may have done. */
export interface Outcome {
  /** On any of its ways. */
  readonly all: readonly Deeds[];
  /** On those that would have been answered as it was. */
  readonly taken: readonly Deeds[];
  /** What is known without its answer; null where that has to tell. */
  readonly effect: Effect | null;
}

/** What it did to one lock key. null: one thing or another. */
export function lockOpOf(
  key: string,
  { all, taken, effect }: Outcome,
  looks: readonly ReadonlyMap<string, Look>[],
  given: Given,
): Omit<LockOp, "product" | "key" | "command"> | null {
  const every = all.flatMap(({ locks }) => locks.get(key) ?? []);
  const done = taken.flatMap(({ locks }) => locks.get(key) ?? []);
  if (every.length === 0) {
    const token = sharedOwner(
      looks.map((seen) => [...seen.values()].find((look) => plain(look.key, given) === key)),
      given,
    );
    return { deed: "read", effect: "yes", token, compared: false, ttlMs: null, found: null };
  }
  const deed = one(done.length > 0 ? done : every);
  if (deed === null) return null;
  const told = effect ?? effectOver(taken.map(({ locks }) => locks.get(key)));
  const idle = looks.filter((_, way) => taken[way]?.locks.has(key) === false);
  const orKept = told === "unknown" && deed.deed === "acquire" && idle.every((seen) => isOwn(seen, key, deed, given));
  return { ...deed, effect: told, found: null, ...(orKept ? { orKept } : {}) };
}

/** Whether on this way the lock was found to be its owner's already. */
function isOwn(
  seen: ReadonlyMap<string, Look>,
  key: string,
  { token }: Pick<ScriptDeed, "token">,
  given: Given,
): boolean {
  const look = [...seen.values()].find((one) => plain(one.key, given) === key);
  const found = look === undefined || look.equals === null ? undefined : plain(look.equals, given);
  return look?.other === false && found !== undefined && String(found) === token;
}

/** What it did to one key that a lock guards; null for nothing that needs the lock. */
export function writeOf(
  key: string,
  { all, taken, effect }: Outcome,
  given: Given,
): Omit<GuardedWrite, "product" | "command"> | null {
  const every = all.flatMap(({ writes }) => writes.get(key) ?? []);
  if (every.every(({ first }) => first)) return null;
  const done = taken.flatMap(({ writes }) => writes.get(key) ?? []);
  const seen = (done.length > 0 ? done : every).map((write) => write.seen);
  return {
    effect: effect ?? effectOver(taken.map(({ writes }) => writes.get(key))),
    token: sharedOwner(seen, given),
    checksOwner: seen.every((look) => look !== undefined && !look.other),
  };
}

function effectOver(ways: readonly ({ readonly certain: boolean } | undefined)[]): Effect {
  if (ways.every((way) => way === undefined)) return "no";
  return ways.every((way) => way?.certain === true) ? "yes" : "unknown";
}

/** The deed that several ways have in common. Whether a lock was taken or only kept makes no difference to its owner. */
function one(deeds: readonly ScriptDeed[]): Omit<ScriptDeed, "certain"> | null {
  const [first] = deeds;
  if (first === undefined) return null;
  const kinds = new Set(deeds.map(({ deed }) => deed));
  const { token, ttlMs } = first;
  if (deeds.some((deed) => deed.token !== token || deed.ttlMs !== ttlMs)) return null;
  if (kinds.size === 1 && deeds.every(({ compared }) => compared === first.compared)) {
    return { deed: first.deed, token, ttlMs, compared: first.compared };
  }
  if (kinds.has("release") || kinds.has("overwrite")) return null;
  return kinds.has("acquire") ? { deed: "acquire", token, ttlMs, compared: false } : null;
}

/** The owner whose token was found in a lock on every way on which anything was found. */
function sharedOwner(looks: readonly (Look | undefined)[], given: Given): string | null {
  const owners = new Set(
    looks.flatMap((look) => {
      if (look === undefined || look.equals === null) return [];
      const token = plain(look.equals, given);
      return token === null || token === undefined ? [] : [String(token)];
    }),
  );
  const [owner = null] = owners;
  return owners.size === 1 ? owner : null;
}
