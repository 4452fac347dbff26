const NS_PER_MS = 1e6;
/** Redis counts whole milliseconds, and clocks drift: what Redlock itself allows for (redis.io, "Distributed locks"). */
const DRIFT_SHARE = 0.01;
const DRIFT_MS = 2;

/** When a lease that was asked for at this moment ends at the earliest, in ns. */
export function shortest(sentAt: number, ttlMs: number | null): number {
  return ttlMs === null ? Infinity : sentAt + (ttlMs * (1 - DRIFT_SHARE) - DRIFT_MS) * NS_PER_MS;
}

/** When a lease that was granted by this moment ends at the latest, in ns. */
export function longest(repliedAt: number | null, ttlMs: number | null): number {
  if (repliedAt === null || ttlMs === null) return Infinity;
  return repliedAt + (ttlMs * (1 + DRIFT_SHARE) + DRIFT_MS) * NS_PER_MS;
}
