import { type ExitCode, exitCode } from "./errors.ts";
import type { Finding, Verdict } from "./finding.ts";

/** What a run comes to. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  /** One line. */
  readonly reason: string;
}

/**
 * Takes the worst finding. A violation outweighs everything: it was seen,
 * whatever else went wrong. After it comes a broken environment, which explains
 * findings that are inconclusive; then those; then missed thresholds.
 * @param incidents what went wrong around the run, a line each
 */
export function concludeRun(findings: readonly Finding[], incidents: readonly string[]): Conclusion {
  const violated = findings.filter((finding) => finding.verdict === "fail" && finding.kind === "correctness");
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
