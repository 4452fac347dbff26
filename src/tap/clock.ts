/** The clock that all processes of the machine share. */
export interface TapClock {
  /** When this tap began, in ns. */
  readonly originNs: bigint;
  /** ns since then. */
  now(): number;
}

/** @param nowNs monotonic, in ns */
export function clockFrom(nowNs: () => bigint): TapClock {
  const originNs = nowNs();
  return { originNs, now: () => Number(nowNs() - originNs) };
}
