import type { History } from "../domain/history.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Check, Ruling } from "./check.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { Standstills } from "./liveness/standstills.ts";
import { count, milliseconds } from "./wording.ts";

const NS_PER_MS = 1e6;
/** Timers fire up to a millisecond early, and the deadline starts a little before the send is stamped. */
const EARLY_SHARE = 0.01;
const EARLY_MS = 2;

/** Every attempt was answered before its deadline, unless a fault had stopped its server. */
export const liveness: Check = {
  name: "liveness",
  kind: "correctness",
  applies: () => true,
  judge({ plan, history, faults }) {
    const { timeoutMs } = plan.load;
    const deadlineNs = (timeoutMs - Math.max(EARLY_MS, timeoutMs * EARLY_SHARE)) * NS_PER_MS;
    return rule(history, timeoutMs, follow(history, deadlineNs, new Standstills(plan, faults)));
  },
};

interface Endings {
  /** No answer by the deadline. */
  readonly hanging: Evidence;
  /** The same, but the server stood still for a part of that time. */
  readonly shortened: Evidence;
  /** Connection closed without an answer, before the deadline. */
  readonly cutOff: Evidence;
  /** Without an answer because a fault had stopped the server. */
  readonly excused: number;
  readonly answers: number;
  readonly slowestNs: number;
}

function follow(history: History, deadlineNs: number, standstills: Standstills): Endings {
  const [hanging, shortened, cutOff] = [new Evidence(), new Evidence(), new Evidence()];
  let [excused, answers, slowestNs] = [0, 0, 0];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const tookNs = history.endedAt(attempt) - history.sentAt(attempt);
    if (history.answered(attempt)) {
      answers += 1;
      slowestNs = Math.max(slowestNs, tookNs);
      continue;
    }
    const neverEnded = Number.isNaN(tookNs);
    if (!neverEnded && history.outcomeCode(attempt) !== outcomeCode.unknown) continue;
    const line = (): string => attemptLine(history, attempt);
    const inTime = !neverEnded && tookNs < deadlineNs;
    if (standstills.excuses(history, attempt)) excused += 1;
    else if (inTime) cutOff.add(line);
    else if (standstills.shortened(history, attempt)) shortened.add(line);
    else hanging.add(line);
  }
  return { hanging, shortened, cutOff, excused, answers, slowestNs };
}

function rule(history: History, timeoutMs: number, endings: Endings): Ruling {
  const { hanging, shortened, cutOff, excused, answers } = endings;
  const expected = `every answer within ${String(timeoutMs)} ms`;
  const actual = `${String(answers)} of ${String(history.length)} answered`;
  const slowest = `the slowest answer took ${milliseconds(endings.slowestNs)}`;
  if (hanging.found > 0) {
    const detail = `${count(hanging.found, "attempt")} had no answer by the deadline; ${slowest}`;
    return { verdict: "fail", expected, actual, detail, evidence: hanging.lines };
  }
  if (shortened.found > 0) {
    const got = `${count(shortened.found, "attempt")} had no answer by the deadline`;
    const detail = `${got}, and their server was frozen for a part of that time; ${slowest}`;
    return { verdict: "inconclusive", expected, actual, detail, evidence: shortened.lines };
  }
  if (cutOff.found > 0) {
    const got = `${count(cutOff.found, "attempt")} got no answer before the connection closed`;
    const detail = `${got}: what happened to them is known only from the rows`;
    return { verdict: "inconclusive", expected, actual, detail, evidence: cutOff.lines };
  }
  if (answers === 0) return { verdict: "inconclusive", expected, actual, detail: "nobody was answered" };
  const unreached = history.length - answers - excused;
  const refused = unreached > 0 ? `; ${count(unreached, "connection")} refused at once` : "";
  const stopped = excused > 0 ? `; ${count(excused, "attempt")} excused, whose server a fault had stopped` : "";
  return { verdict: "pass", expected, actual, detail: `${slowest}${refused}${stopped}` };
}
