import { breakerCode } from "../domain/breaker-state.ts";
import type { History } from "../domain/history.ts";
import { lastHealing } from "../domain/last-healing.ts";
import { serverName } from "../domain/service-name.ts";
import { type BreakerState, contradictions, grantsWhileOpen, statesIn } from "./breaker/states.ts";
import { tells } from "./breaker-tells.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { inconclusiveFor } from "./inconclusive.ts";
import { count, milliseconds } from "./wording.ts";

const EXPECTED = "opens, grants nothing meanwhile, closes again";
const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(breakerCode).map(([name, code]) => [code, name]));
const NS_PER_MS = 1e6;

/** The circuit breaker opened, nothing was granted while it was certainly open, and it closed again by itself. */
export const breaker: Check = {
  name: "breaker",
  kind: "correctness",
  applies: ({ demands }) => demands.breaker !== null,
  judge(run) {
    const states = statesIn(run.history);
    return violation(run, states) ?? ending(run, states);
  },
};

function violation({ history }: Case, states: readonly BreakerState[]): Ruling | undefined {
  const evidence = new Evidence();
  for (const [one, other] of contradictions(states)) {
    evidence.add(() => `${stateLine(one)}, but ${stateLine(other)}`);
  }
  if (evidence.found > 0) {
    return fail(`${count(evidence.found, "state")} that cannot be`, "answers contradict each other", evidence.lines);
  }
  for (const attempt of grantsWhileOpen(history, states)) evidence.add(() => attemptLine(history, attempt));
  if (evidence.found === 0) return undefined;
  const open = states.filter(({ state }) => state === breakerCode.open).map(stateLine);
  const detail = "they were granted, or sent and sold, after it had opened and before an answer last told of it";
  return fail(`${count(evidence.found, "grant")} while open`, detail, [...open.slice(0, 3), ...evidence.lines]);
}

function ending(run: Case, states: readonly BreakerState[]): Ruling {
  const opened = states.filter(({ state }) => state === breakerCode.open);
  const seen = `${count(states.length, "state")} told by answers, ${String(opened.length)} of them open`;
  const inconclusive = inconclusiveFor(EXPECTED);
  if (opened.length === 0) return inconclusive("never open", `${seen}: nothing shows that there is a breaker`);
  const left = [...new Set(opened.map(({ server }) => server))].flatMap((server) => {
    const last = states.findLast((state) => state.server === server);
    return last === undefined || last.state === breakerCode.closed ? [] : [last];
  });
  if (left.length === 0) {
    return { verdict: "pass", expected: EXPECTED, actual: "opened and closed", detail: `${seen}; closed at the end` };
  }
  const [first] = left;
  const due = lastHealing(run.faults) + (run.plan.demands.recoveryMs ?? Infinity) * NS_PER_MS;
  const late = left.some(({ server }) => lastTold(run.history, server) > due);
  const actual = `still ${NAMES.get(first?.state ?? -1) ?? "open"} at the end`;
  const detail = `${seen}; ${left.map(stateLine).join("; ")}`;
  if (late) return fail(actual, `${detail}, though the last fault had long been healed`, left.map(stateLine));
  return inconclusive(actual, `${detail}: nobody asked late enough to see it close`, left.map(stateLine));
}

/** When the last attempt was sent whose answer told this server's state; NaN when there is none. */
function lastTold(history: History, server: number): number {
  let last = Number.NaN;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.server(attempt) === server && tells(history, attempt)) last = history.sentAt(attempt);
  }
  return last;
}

function stateLine({ server, state, since, until }: BreakerState): string {
  const what = `${serverName(server)} ${NAMES.get(state) ?? "?"} since ${milliseconds(since)}`;
  return until > since ? `${what}, still so at ${milliseconds(until)}` : what;
}

function fail(actual: string, detail: string, evidence: readonly string[]): Ruling {
  return { verdict: "fail", expected: EXPECTED, actual, detail, evidence };
}
