export type Health = "ok" | "warn" | "missing";

/** One thing that was looked at. */
export interface DoctorLine {
  readonly name: string;
  /** `missing` means that lockbench cannot work without it; `warn`, that some of it cannot, or not well. */
  readonly health: Health;
  /** What is there. */
  readonly found: string;
  /** What to type or do; undefined when nothing need be done. */
  readonly advice?: string;
}

export interface DoctorReport {
  readonly lines: readonly DoctorLine[];
  /** 5 when something is missing, otherwise 0. */
  readonly exit: 0 | 5;
}

export function reportOf(lines: readonly DoctorLine[]): DoctorReport {
  return { lines, exit: lines.some((line) => line.health === "missing") ? 5 : 0 };
}
