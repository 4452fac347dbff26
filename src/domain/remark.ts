/** What it is that a remark adds to: what could be judged on the stack, the load, or what a judgement does not say. */
export const REMARK_SUBJECTS = ["stack", "load", "judgement"] as const;

/** A line for people that changes no verdict: what was left out of it, what it does not say, hints about the load. */
export interface Remark {
  readonly about: (typeof REMARK_SUBJECTS)[number];
  readonly text: string;
}

export function remarksOn(about: Remark["about"], lines: readonly string[]): Remark[] {
  return lines.map((text) => ({ about, text }));
}
