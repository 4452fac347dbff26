import type { FaultRecord } from "./fault.ts";

/** When the last fault was healed, in ns on the history's clock; NaN when none was. */
export function lastHealing(faults: readonly FaultRecord[]): number {
  const healed = faults.map(({ healedAt }) => healedAt).filter((stamp) => !Number.isNaN(stamp));
  return healed.length === 0 ? Number.NaN : Math.max(...healed);
}
