import type { CheckKind, Finding, Verdict } from "../domain/finding.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import type { Metrics } from "../domain/metrics.ts";
import type { Plan } from "../domain/plan.ts";
import type { Truth } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";

/** Everything that a check may look at. */
export interface Case {
  readonly plan: Plan;
  readonly history: History;
  readonly truth: Truth;
  readonly metrics: Metrics;
  /** True where requests pass a proxy on their way, as to a container's published port: it may change their order. */
  readonly behindProxy: boolean;
  /** What passed between the servers and Redis; null without a wire tap. */
  readonly wire: WireLog | null;
  /** What became of each fault of the plan. */
  readonly faults: readonly FaultRecord[];
}

/** A check is pure: the same case always gives the same finding. */
export interface Check {
  readonly name: string;
  readonly kind: CheckKind;
  /** False when the scenario does not demand this, so that it has no row in the table. */
  applies(plan: Plan): boolean;
  judge(run: Case): Ruling;
  /** Why nobody can know in this run, where nobody insists on knowing: an inconclusive row is left out. */
  mayBeLeftOut?(run: Case): string | undefined;
  /** What its pass does not say, though people may think so. */
  reservation?(run: Case): string | undefined;
}

/** A finding without the name and kind, which the check itself carries. */
export interface Ruling {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly actual: string;
  readonly detail: string;
  readonly evidence?: readonly string[];
}

export interface Judged {
  readonly checks: readonly Finding[];
  /** What was left out of the judgement, and what it does not say, for people; empty when there is nothing to add. */
  readonly remarks: readonly string[];
}

/** Judges with each check that applies, leaves out those that could only say what nobody asked for, and adds reservations. */
export function judgeWhatShows(checks: readonly Check[], run: Case): Judged {
  const kept: Finding[] = [];
  const leftOut = new Map<string, string[]>();
  const reservations: string[] = [];
  for (const finding of judgeAll(checks, run)) {
    const check = checks.find(({ name }) => name === finding.name);
    const why = finding.verdict === "inconclusive" ? unlessItCrashes(() => check?.mayBeLeftOut?.(run)) : undefined;
    if (why === undefined) kept.push(finding);
    else leftOut.set(why, [...(leftOut.get(why) ?? []), finding.name]);
    const reservation = finding.verdict === "pass" ? unlessItCrashes(() => check?.reservation?.(run)) : undefined;
    if (reservation !== undefined) reservations.push(`${finding.name}: ${reservation}`);
  }
  const omissions = [...leftOut].map(([why, names]) => `left out: ${names.join(", ")}: ${why}`);
  return { checks: kept, remarks: [...omissions, ...reservations] };
}

function unlessItCrashes(say: () => string | undefined): string | undefined {
  try {
    return say();
  } catch {
    // What crashes here has crashed in the judgement, too, which says so.
    return undefined;
  }
}

/** Judges with each check that applies. A check that crashes is inconclusive: it must never pass by accident. */
export function judgeAll(checks: readonly Check[], run: Case): Finding[] {
  return saidOnce(checks.filter((check) => check.applies(run.plan)).map((check) => judgeOne(check, run)));
}

/** What keeps several checks from judging is told by the first of them; the others refer to it. */
function saidOnce(findings: readonly Finding[]): Finding[] {
  const first = new Map<string, string>();
  return findings.map((finding) => {
    if (finding.verdict !== "inconclusive") return finding;
    const reason = JSON.stringify([finding.actual, finding.detail]);
    const name = first.get(reason);
    if (name === undefined) first.set(reason, finding.name);
    return name === undefined ? finding : { ...finding, detail: `for the same reason as ${name}`, evidence: [] };
  });
}

function judgeOne(check: Check, run: Case): Finding {
  try {
    return { name: check.name, kind: check.kind, evidence: [], ...check.judge(run) };
  } catch (error) {
    return {
      name: check.name,
      kind: check.kind,
      verdict: "inconclusive",
      expected: "a judgement",
      actual: "the check crashed",
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      evidence: [],
    };
  }
}
