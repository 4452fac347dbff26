import { exitCode } from "./errors.ts";
import type { Cell, CellPlan, Expectation, FailedCheck, Seen } from "./matrix.ts";
import type { Environment, RunRecord } from "./record.ts";
import { violations } from "./verdict.ts";

/**
 * Compares what is expected of a cell with its runs. One violation is enough to refute "it passes";
 * one run in which a check failed is enough for "it can fail", since a race does not happen every time.
 * @param records the runs that count for this cell, oldest first
 */
export function judgeCell(plan: CellPlan, fault: string, records: readonly RunRecord[]): Cell {
  const seen = whatWasSeen(records);
  const conclusive = seen.correct + seen.violated;
  if (conclusive === 0) return { ...plan, fault, seen, standing: "unproven", why: whyUnproven(records) };
  const why = contradictions(plan.expected, seen.failed).join("; ");
  return { ...plan, fault, seen, standing: why === "" ? "as_expected" : "otherwise", why };
}

function whatWasSeen(records: readonly RunRecord[]): Seen {
  const count = (...codes: readonly number[]): number => records.filter((one) => codes.includes(one.exitCode)).length;
  const correct = count(exitCode.passed, exitCode.tooSlow);
  const violated = count(exitCode.violated);
  const newest = records.at(-1);
  return {
    runs: records.length,
    correct,
    slow: count(exitCode.tooSlow),
    violated,
    inconclusive: records.length - correct - violated,
    failed: failedChecks(records),
    newest:
      newest === undefined
        ? null
        : { id: newest.id, startedAt: newest.startedAt, verdict: newest.verdict, reason: newest.reason },
    madeWith: [...new Set(records.flatMap(({ environment }) => versions(environment)))],
  };
}

function failedChecks(records: readonly RunRecord[]): FailedCheck[] {
  const runs = new Map<string, number>();
  // What fails in a run that somebody else disturbed is held against nobody.
  for (const { checks, disturbed } of records.filter((record) => record.exitCode === exitCode.violated)) {
    for (const { name } of violations(checks, disturbed)) runs.set(name, (runs.get(name) ?? 0) + 1);
  }
  return [...runs].map(([check, times]) => ({ check, runs: times })).sort((a, b) => b.runs - a.runs);
}

function versions({ lockbench, redis, node, stack }: Environment): string[] {
  return [`lockbench ${lockbench}`, ...(redis === null ? [] : [`Redis ${redis}`]), `Node ${node}`, `stack ${stack}`];
}

function whyUnproven(records: readonly RunRecord[]): string {
  const newest = records.at(-1);
  return newest === undefined ? "no run is kept" : `every run was inconclusive; the newest: ${newest.reason}`;
}

function contradictions(expected: Expectation, failed: readonly FailedCheck[]): string[] {
  const allowed = expected.verdict === "pass" ? [] : [...expected.checks, ...expected.mayFail];
  const needed = expected.verdict === "pass" ? [] : expected.checks;
  const unforeseen = failed.filter(({ check }) => !allowed.includes(check));
  const unseen = needed.filter((name) => failed.every(({ check }) => check !== name));
  return [
    ...unforeseen.map(({ check, runs }) => `${check} failed in ${String(runs)}, and was expected not to`),
    ...unseen.map((name) => `${name} was expected to fail, and never did`),
  ];
}
