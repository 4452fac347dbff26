import type { LockOp } from "./lock-op.ts";

/** 2020 to 2050, in seconds since 1970. */
const [FIRST, LAST] = [1.577e9, 2.524e9];

/** Why the locks of a shop that keeps their leases itself cannot be followed. */
export const LEASE_IN_VALUE =
  "locks without a lease whose values are moments in time: perhaps the ends of their leases, which whoever comes next looks at";

/** True for a value that is a moment in time, in seconds or in milliseconds since 1970, and nothing else. */
export function isMoment(value: string): boolean {
  if (!/^\d{10}(\d{3})?(\.\d+)?$/.test(value)) return false;
  const seconds = value.split(".")[0]?.length === 13 ? Number(value) / 1000 : Number(value);
  return seconds >= FIRST && seconds <= LAST;
}

/**
 * True for SETNX with the end of the lease as its value, and GETSET by whoever
 * finds it past: Redis knows of no lease there, and the lock has one all the same.
 */
export function keepsLeasesInValues(ops: readonly LockOp[]): boolean {
  const taken = ops.filter(({ deed }) => deed === "acquire" || deed === "overwrite");
  const lent = ops.some(({ deed }) => deed === "extend");
  return taken.length > 0 && !lent && taken.every(({ ttlMs, token }) => ttlMs === null && isMoment(token ?? ""));
}
