import { type ExitCode, exitCode } from "./errors.ts";
import type { Finding, Verdict } from "./finding.ts";

/** What a run comes to. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  /** One line. */
  readonly reason: string;
}

/** What went wrong around a run. */
export interface Surroundings {
  /** A line each. */
  readonly incidents: readonly string[];
  /** True when somebody else killed, restarted or stopped a part of the stack. */
  readonly disturbed: boolean;
}

/** A stack that is disturbed makes Redis forget and answers late, but no committed row untrue. */
const PROVEN_BY_ROWS = new Set(["oversold", "double_purchase", "receipts", "evidence_intact"]);

/**
 * Takes the worst finding. A violation outweighs everything: it was seen,
 * whatever else went wrong. Only where somebody else laid hands on the stack
 * must the rows themselves prove it: an emptied Redis is not the shop's lie.
 * After it comes a broken environment, which explains findings that are
 * inconclusive; then those; then missed thresholds.
 */
export function concludeRun(findings: readonly Finding[], { incidents, disturbed }: Surroundings): Conclusion {
  const violated = violations(findings, disturbed);
  if (violated.length > 0) return violation(violated);
  if (incidents.length > 0) return brokenEnvironment(incidents);
  const open = findings.filter(leavesOpen);
  if (open.length > 0) return provesNothing(`inconclusive: ${names(open)}: ${firstLine(open[0]?.detail ?? "")}`);
  if (!findings.some((finding) => finding.kind === "correctness")) {
    return provesNothing("inconclusive: no correctness check was made");
  }
  const missed = findings.filter((finding) => finding.verdict === "fail");
  return missed.length > 0 ? tooSlow(missed) : passed(findings);
}

/** The failures of correctness that count as seen. @param disturbed true when somebody else laid hands on the stack */
export function violations(findings: readonly Finding[], disturbed: boolean): readonly Finding[] {
  return findings.filter(
    ({ name, kind, verdict }) =>
      verdict === "fail" && kind === "correctness" && (!disturbed || PROVEN_BY_ROWS.has(name)),
  );
}

/** A validity check has nothing to fail: if it is not satisfied, the run proves nothing. */
function leavesOpen(finding: Finding): boolean {
  return finding.verdict === "inconclusive" || (finding.kind === "validity" && finding.verdict !== "pass");
}

function violation(findings: readonly Finding[]): Conclusion {
  return { verdict: "fail", exitCode: exitCode.violated, reason: `correctness was violated: ${names(findings)}` };
}

function brokenEnvironment(incidents: readonly string[]): Conclusion {
  const more = incidents.length > 1 ? ` (and ${String(incidents.length - 1)} more)` : "";
  const reason = `the environment failed: ${firstLine(incidents[0] ?? "")}${more}`;
  return { verdict: "inconclusive", exitCode: exitCode.environment, reason };
}

function provesNothing(reason: string): Conclusion {
  return { verdict: "inconclusive", exitCode: exitCode.inconclusive, reason };
}

function tooSlow(findings: readonly Finding[]): Conclusion {
  const figures = findings.map(({ name, expected, actual }) => `${name} ${actual}, expected ${expected}`).join("; ");
  return { verdict: "fail", exitCode: exitCode.tooSlow, reason: `correct, but a threshold was missed: ${figures}` };
}

function passed(findings: readonly Finding[]): Conclusion {
  return { verdict: "pass", exitCode: exitCode.passed, reason: `all ${String(findings.length)} checks passed` };
}

function names(findings: readonly Finding[]): string {
  return findings.map((finding) => finding.name).join(", ");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
