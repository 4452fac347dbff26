import type { History } from "../domain/history.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Check, Ruling } from "./check.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { count, milliseconds } from "./wording.ts";

const NS_PER_MS = 1e6;
/** Timers fire up to a millisecond early, and the deadline starts a little before the send is stamped. */
const EARLY_SHARE = 0.01;
const EARLY_MS = 2;

/** Every attempt was answered before its deadline. */
export const liveness: Check = {
  name: "liveness",
  kind: "correctness",
  applies: () => true,
  judge({ plan, history }) {
    const { timeoutMs } = plan.load;
    const deadlineNs = (timeoutMs - Math.max(EARLY_MS, timeoutMs * EARLY_SHARE)) * NS_PER_MS;
    return rule(history, timeoutMs, follow(history, deadlineNs));
  },
};

interface Endings {
  /** No answer by the deadline. */
  readonly hanging: Evidence;
  /** Connection closed without an answer, before the deadline. */
  readonly cutOff: Evidence;
  readonly answers: number;
  readonly slowestNs: number;
}

function follow(history: History, deadlineNs: number): Endings {
  const hanging = new Evidence();
  const cutOff = new Evidence();
  let answers = 0;
  let slowestNs = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const tookNs = history.endedAt(attempt) - history.sentAt(attempt);
    if (history.answered(attempt)) {
      answers += 1;
      slowestNs = Math.max(slowestNs, tookNs);
    } else if (Number.isNaN(tookNs) || (isUnknown(history, attempt) && tookNs >= deadlineNs)) {
      hanging.add(() => attemptLine(history, attempt));
    } else if (isUnknown(history, attempt)) {
      cutOff.add(() => attemptLine(history, attempt));
    }
  }
  return { hanging, cutOff, answers, slowestNs };
}

function isUnknown(history: History, attempt: number): boolean {
  return history.outcomeCode(attempt) === outcomeCode.unknown;
}

function rule(history: History, timeoutMs: number, { hanging, cutOff, answers, slowestNs }: Endings): Ruling {
  const expected = `every answer within ${String(timeoutMs)} ms`;
  const actual = `${String(answers)} of ${String(history.length)} answered`;
  const slowest = `the slowest answer took ${milliseconds(slowestNs)}`;
  if (hanging.found > 0) {
    const detail = `${count(hanging.found, "attempt")} had no answer by the deadline; ${slowest}`;
    return { verdict: "fail", expected, actual, detail, evidence: hanging.lines };
  }
  if (cutOff.found > 0) {
    const got = `${count(cutOff.found, "attempt")} got no answer before the connection closed`;
    const detail = `${got}: what happened to them is known only from the rows`;
    return { verdict: "inconclusive", expected, actual, detail, evidence: cutOff.lines };
  }
  if (answers === 0) return { verdict: "inconclusive", expected, actual, detail: "nobody was answered" };
  const unreached = history.length - answers;
  const refused = unreached > 0 ? `; ${count(unreached, "connection")} refused at once` : "";
  return { verdict: "pass", expected, actual, detail: `${slowest}${refused}` };
}
