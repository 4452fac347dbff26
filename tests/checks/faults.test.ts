import { describe, expect, it, test } from "vitest";
import { judgeWhatShows } from "../../src/checks/check.ts";
import { faults } from "../../src/checks/faults.ts";
import type { FaultAction, FaultPlan } from "../../src/domain/fault.ts";
import { caseOf, judge, times, type Attempt } from "../support/histories.ts";
import { Wire, wireCase } from "../support/wires.ts";

const KILL: FaultAction = { kind: "kill", nodes: [0], servers: [], keepData: false };

function planned(action: FaultAction): FaultPlan {
  return { action, at: { kind: "elapsed", ms: 50 }, forMs: 100 };
}

const busy: readonly Attempt[] = times(5, { outcome: "sold", sent: 0, ended: 60 });

test("a fault passes when attempts were in flight while it was in force, and the row says when that was", () => {
  const ruling = judge(faults, {
    attempts: busy,
    faults: [planned(KILL)],
    faultTimes: [{ injected: 50, healed: 150 }],
  });
  expect(ruling).toMatchObject({ verdict: "pass", actual: "1 of 1 met the load" });
  expect(ruling.detail).toBe("kill redis (data lost) at 50 ms, healed at 150 ms: 5 attempts in flight");
});

test("the times of a fault are counted from the first send, as the scenario counts them", () => {
  const late = times(5, { outcome: "sold", sent: 100, ended: 200 });
  const story = { attempts: late, faults: [planned(KILL)], faultTimes: [{ injected: 150, healed: 250 }] };
  expect(judge(faults, story).detail).toContain("at 50 ms, healed at 150 ms: 5 attempts in flight");
});

test("a fault that could not be injected is not said to have come too late", () => {
  const faultTimes = [{ injected: null, healed: null, obstacle: "redis is down already" }];
  const ruling = judge(faults, { attempts: busy, faults: [planned(KILL)], faultTimes });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "0 of 1 met the load" });
  expect(ruling.detail).toBe("kill redis (data lost): could not be injected: redis is down already");
});

test("a fault whose moment never came makes the run inconclusive", () => {
  const never = { injected: null, healed: null };
  for (const faultTimes of [[], [never]]) {
    const ruling = judge(faults, { attempts: busy, faults: [planned(KILL)], faultTimes });
    expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "0 of 1 met the load" });
    expect(ruling.detail).toContain("kill redis (data lost): its moment never came");
  }
});

test("a fault after the last answer, or before the first send, has met nobody", () => {
  const story = { attempts: busy, faults: [planned(KILL)] };
  expect(judge(faults, { ...story, faultTimes: [{ injected: 60, healed: 200 }] }).verdict).toBe("inconclusive");
  const late = times(5, { outcome: "sold", sent: 300, ended: 360 });
  expect(judge(faults, { ...story, attempts: late, faultTimes: [{ injected: 50, healed: 300 }] }).verdict).toBe(
    "inconclusive",
  );
});

test("a fault that took until after the last answer to come into force has met nobody", () => {
  const story = { attempts: busy, faults: [planned(KILL)] };
  const ruling = judge(faults, { ...story, faultTimes: [{ injected: 50, inForce: 60, healed: 200 }] });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("at 50 ms, in force by 60 ms, healed at 200 ms: 0 attempts in flight");
  expect(judge(faults, { ...story, faultTimes: [{ injected: 50, inForce: 59, healed: 200 }] }).verdict).toBe("pass");
});

test("a fault of which a part could not be injected was never in force", () => {
  const faultTimes = [{ injected: 50, inForce: Number.NaN, healed: 200, obstacle: "redis1 is down already" }];
  const ruling = judge(faults, { attempts: busy, faults: [planned(KILL)], faultTimes });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("could not be injected: redis1 is down already");
});

test("one attempt is not enough, and one that never ended counts as in flight", () => {
  const done = times(5, { outcome: "sold", sent: 0, ended: 10 });
  const hanging: Attempt = { outcome: "unknown", sent: 5, ended: null };
  const story = { faults: [planned(KILL)], faultTimes: [{ injected: 50, healed: 90 }] };
  expect(judge(faults, { ...story, attempts: [...done, hanging] }).verdict).toBe("inconclusive");
  expect(judge(faults, { ...story, attempts: [...done, hanging, hanging] }).verdict).toBe("pass");
});

test("a fault that never healed was in force to the end", () => {
  const attempts = times(3, { outcome: "sold", sent: 500, ended: 600 });
  const ruling = judge(faults, { attempts, faults: [planned(KILL)], faultTimes: [{ injected: 50, healed: null }] });
  expect(ruling.verdict).toBe("pass");
  expect(ruling.detail).toContain("never healed: 3 attempts in flight");
});

test("a script flush is over at once: what counts is who came after it", () => {
  const story = {
    faults: [planned({ kind: "script_flush", nodes: [0] })],
    faultTimes: [{ injected: 30, healed: 30 }],
  };
  expect(judge(faults, { ...story, attempts: busy })).toMatchObject({
    verdict: "inconclusive",
    detail: "script flush on redis at 30 ms: 0 attempts sent after it",
  });
  const after = times(2, { outcome: "sold", sent: 31, ended: 60 });
  expect(judge(faults, { ...story, attempts: [...busy, ...after] }).verdict).toBe("pass");
});

test("one of several faults that met nobody is enough to prove nothing, and is named", () => {
  const freeze = planned({ kind: "freeze", nodes: [], servers: [1] });
  const faultTimes = [
    { injected: 10, healed: 20 },
    { injected: 80, healed: 90 },
  ];
  const ruling = judge(faults, { attempts: busy, faults: [planned(KILL), freeze], faultTimes });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "1 of 2 met the load" });
  expect(ruling.detail).toBe("freeze app1 at 80 ms, healed at 90 ms: 0 attempts in flight to app1");
});

test("a fault of some servers has met only who was sent to them", () => {
  const faultTimes = [{ injected: 10, healed: 50 }];
  const met = (action: FaultAction, server: number): string =>
    judge(faults, {
      attempts: times(5, { outcome: "sold", sent: 0, ended: 60, server }),
      faults: [planned(action)],
      faultTimes,
    }).verdict;
  const cut: FaultAction = { kind: "partition", servers: [1], nodes: [0], direction: "both" };
  for (const action of [{ kind: "freeze", nodes: [], servers: [1] } as const, cut]) {
    expect(met(action, 0)).toBe("inconclusive");
    expect(met(action, 1)).toBe("pass");
  }
  // What hits a node as well hits whoever needs it.
  expect(met({ kind: "freeze", nodes: [0], servers: [1] }, 0)).toBe("pass");
});

test("the kill of a server has met whom it cut off, and nobody who was answered while it was being done", () => {
  const story = {
    faults: [planned({ kind: "kill", nodes: [], servers: [0], keepData: false })],
    // Long before the death of a process is seen, those that it was serving are cut off.
    faultTimes: [{ injected: 50, inForce: 140, healed: 150 }],
  };
  const answered = times(5, { outcome: "sold", sent: 0, ended: 51 });
  const cut = times(2, { outcome: "unknown", sent: 0, ended: 52 });
  const refused = times(2, { outcome: "error", status: 0, sent: 90, ended: 90 });
  expect(judge(faults, { ...story, attempts: answered }).verdict).toBe("inconclusive");
  expect(judge(faults, { ...story, attempts: [...answered, ...refused] }).verdict).toBe("pass");
  const ruling = judge(faults, { ...story, attempts: [...answered, ...cut] });
  expect(ruling.verdict).toBe("pass");
  expect(ruling.detail).toBe("kill app at 50 ms, healed at 150 ms: 2 attempts to app got no answer");
});

test("a plan without faults has no such row", () => {
  expect(faults.applies(caseOf({ attempts: busy }).plan)).toBe(false);
  expect(faults.applies(caseOf({ attempts: busy, faults: [planned(KILL)] }).plan)).toBe(true);
});

describe("a freeze of a server", () => {
  /** What the row says of it, and what the run does: the owner has the lock from 10 ms on, for 100 ms or until it gives it up. */
  function frozen(more: { injected: number; healed: number; wire?: Wire | null; servers?: number[] }) {
    const {
      injected,
      healed,
      servers = [0],
      wire = new Wire().grant("a", { at: 10 }, 100).free("a", { at: 400 }),
    } = more;
    const action: FaultAction = { kind: "freeze", servers, nodes: [] };
    const attempts = times(4, { outcome: "sold", sent: 0, ended: 500, server: 0 });
    const run = wireCase({ wire, attempts, faults: [{ action, injected, healed }] });
    const { checks, remarks } = judgeWhatShows([faults], run);
    return [checks[0]?.verdict, /attempts in flight to app1?(?:, (.*))?$/.exec(checks[0]?.detail ?? "")?.[1], remarks];
  }

  it("that outlasts the lease of a lock that it holds is what it is for", () => {
    expect(frozen({ injected: 50, healed: 350 })).toEqual([
      "pass",
      "with lock:stock:p0 held there, until 243 ms past its lease",
      [],
    ]);
  });

  it("that is shorter than the lease tests none, and the run says so", () => {
    const what =
      "faults: no server was frozen past the lease of a lock that it held (with lock:stock:p0 held there, thawed before its lease was over)";
    const next = "so nothing is said of leases that run out; freeze for longer, or at other moments (--repeat)";
    expect(frozen({ injected: 50, healed: 80 })).toEqual([
      "pass",
      "with lock:stock:p0 held there, thawed before its lease was over",
      [`${what}, ${next}`],
    ]);
  });

  it("that finds it asking outlasts the lease that it is granted in its sleep", () => {
    const wire = new Wire().grant("a", { at: 10, took: 4 }, 100).free("a", { at: 400 });
    expect(frozen({ injected: 12, healed: 350, wire })).toEqual([
      "pass",
      "with lock:stock:p0 held there, until 243 ms past its lease",
      [],
    ]);
  });

  it.each([
    ["and asks when it wakes up", { injected: 50, healed: 350, wire: new Wire().grant("a", { at: 349 }, 100) }],
    ["before it has a lock", { injected: 5, healed: 350 }],
    ["after its lease", { injected: 120, healed: 350 }],
    [
      "that has given it up",
      { injected: 50, healed: 350, wire: new Wire().grant("a", { at: 10 }, 100).free("a", { at: 20 }) },
    ],
    ["while another has it", { injected: 50, healed: 350, wire: new Wire().grant("a", { at: 10, server: 1 }, 100) }],
  ])("that is longer than the lease, and caught no owner, has tested nothing: %s", (_when, story) => {
    expect(frozen(story)).toEqual(["inconclusive", "with no lock held there", []]);
  });

  it("is not blamed where nobody can see locks", () => {
    expect(frozen({ injected: 50, healed: 350, wire: null })).toEqual(["pass", undefined, []]);
    const unseen = new Wire().unseen(["lock:stock:p0"], { at: 10 });
    expect(frozen({ injected: 50, healed: 350, wire: unseen })).toEqual(["pass", undefined, []]);
  });
});
