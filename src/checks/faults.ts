import { describeAction } from "../domain/describe-fault.ts";
import type { FaultAction, FaultPlan, FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import { serverName } from "../domain/service-name.ts";
import type { Case, Check } from "./check.ts";
import { describeCaught, freezesOf, outlastedALease } from "./faults/caught-owners.ts";
import { count, milliseconds } from "./wording.ts";

const FEWEST_IN_FLIGHT = 2;

/** Every fault of the plan met the load that it was aimed at: without that, a pass says nothing about the fault. */
export const faults: Check = {
  name: "faults",
  kind: "validity",
  applies: ({ faults: plans }) => plans.length > 0,
  judge(run) {
    const freezes = freezesOf(run);
    const courses = coursesOf(run, freezes);
    const missed = courses.filter(({ met }) => !met);
    const expected = `each of ${count(courses.length, "fault")} while ≥ ${String(FEWEST_IN_FLIGHT)} attempts are in flight`;
    const actual = `${String(courses.length - missed.length)} of ${String(courses.length)} met the load`;
    const detail = (missed.length > 0 ? missed : courses).map(({ line }) => line).join("; ");
    if (missed.length > 0) return { verdict: "inconclusive", expected, actual, detail };
    const all = [...(freezes?.values() ?? [])];
    if (all.some(({ long }) => long) && !outlastedALease(all)) {
      const why =
        "no freeze caught the owner of a lock, so nothing is said of leases that run out: freeze at other moments";
      return {
        verdict: "inconclusive",
        expected,
        actual: `${actual}, no owner`,
        detail: `${why} (--repeat); ${detail}`,
      };
    }
    return { verdict: "pass", expected, actual, detail };
  },
  reservation(run) {
    const freezes = freezesOf(run);
    const all = [...(freezes?.values() ?? [])];
    // A freeze that is longer than any lease has a verdict of its own.
    if (freezes === null || outlastedALease(all) || all.some(({ long }) => long)) return undefined;
    const held = all.map(({ caught }) => describeCaught(caught)).join("; ");
    const what = `no server was frozen past the lease of a lock that it held (${held})`;
    return `${what}, so nothing is said of leases that run out; freeze for longer, or at other moments (--repeat)`;
  },
};

/** What became of each fault of the plan. */
function coursesOf(run: Case, freezes: ReturnType<typeof freezesOf>): Course[] {
  return run.plan.faults.map((fault, place) => {
    const record = run.faults.find((one) => one.fault === place);
    const freeze = record === undefined ? undefined : freezes?.get(record);
    const course = follow(fault, record, run.history);
    const line = freeze === undefined ? course.line : `${course.line}, ${describeCaught(freeze.caught)}`;
    return { ...course, line };
  });
}

interface Course {
  readonly met: boolean;
  /** `kill redis at 80.2 ms, healed at 391 ms: 41 attempts in flight` */
  readonly line: string;
}

function follow({ action }: FaultPlan, record: FaultRecord | undefined, history: History): Course {
  const what = describeAction(action);
  if (record === undefined || Number.isNaN(record.inForceAt)) {
    if (record?.obstacle !== undefined)
      return { met: false, line: `${what}: could not be injected: ${record.obstacle}` };
    return { met: false, line: `${what}: its moment never came before the load had ended` };
  }
  // As the scenario counts them; the first attempt of a history was sent first.
  const zero = history.length === 0 ? 0 : history.sentAt(0);
  const at = `${what} at ${milliseconds(record.injectedAt - zero)}`;
  if (action.kind === "script_flush") {
    const after = countAttempts(history, (sent) => sent >= record.injectedAt);
    return { met: after >= FEWEST_IN_FLIGHT, line: `${at}: ${count(after, "attempt")} sent after it` };
  }
  // One that never healed was in force to the end.
  const healed = Number.isNaN(record.healedAt) ? Number.POSITIVE_INFINITY : record.healedAt;
  const servers = onlyServers(action);
  const mute = servers !== null && action.kind === "kill";
  // Whom the kill of a server cut off was gone before its death was seen here.
  const since = mute ? record.injectedAt : record.inForceAt;
  const [begun, inForce] = [record.injectedAt, since].map((moment) => milliseconds(moment - zero));
  const wait = begun === inForce ? "" : `, in force by ${String(inForce)}`;
  const met = countAttempts(
    history,
    (sent, ended, attempt) =>
      sent < healed &&
      !(ended <= since) &&
      (servers === null || servers.includes(history.server(attempt))) &&
      // A server that answers is not dead yet, or lives again.
      !(mute && history.answered(attempt)),
  );
  const until = Number.isFinite(healed) ? `healed at ${milliseconds(healed - zero)}` : "never healed";
  const where = servers === null ? "" : ` to ${servers.map(serverName).join(", ")}`;
  const how = mute ? `${where} got no answer` : ` in flight${where}`;
  return { met: met >= FEWEST_IN_FLIGHT, line: `${at}${wait}, ${until}: ${count(met, "attempt")}${how}` };
}

/** The servers whose buyers alone can meet a fault; null where it strikes nodes, which all of them share. */
function onlyServers(action: FaultAction): readonly number[] | null {
  if (!("servers" in action) || action.servers.length === 0) return null;
  const onTheWire = action.kind === "partition" || action.kind === "latency";
  return onTheWire || action.nodes.length === 0 ? action.servers : null;
}

function countAttempts(history: History, counts: (sent: number, ended: number, attempt: number) => boolean): number {
  let found = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (counts(history.sentAt(attempt), history.endedAt(attempt), attempt)) found += 1;
  }
  return found;
}
