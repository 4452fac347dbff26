import { expect, test } from "vitest";
import { liveness } from "../../src/checks/liveness.ts";
import type { Ruling } from "../../src/checks/check.ts";
import type { FaultPlan } from "../../src/domain/fault.ts";
import { type Attempt, judge } from "../support/histories.ts";

const AT_ONCE = { kind: "elapsed", ms: 0 } as const;

const answered = { outcome: "sold", sent: 0, ended: 900 } as const;

test("everybody answered in time passes", () => {
  expect(judge(liveness, { attempts: [answered, { outcome: "busy" }] }).verdict).toBe("pass");
});

test("an attempt that ran into the deadline fails, also when its timer fired a little early", () => {
  expect(judge(liveness, { attempts: [answered, { outcome: "unknown", sent: 0, ended: 1000 }] }).verdict).toBe("fail");
  const early = judge(liveness, { attempts: [answered, { outcome: "unknown", sent: 0, ended: 999 }] });
  expect(early).toMatchObject({ verdict: "fail", actual: "1 of 2 answered" });
  expect(early.evidence).toHaveLength(1);
});

test("an attempt that never ended fails", () => {
  const ruling = judge(liveness, { attempts: [answered, { outcome: "unknown", ended: null }] });
  expect(ruling.evidence?.[0]).toContain("never ended");
  expect(ruling.verdict).toBe("fail");
});

test("a connection closed without an answer is inconclusive, and counted", () => {
  const ruling = judge(liveness, { attempts: [answered, { outcome: "unknown", sent: 0, ended: 20 }] });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("1 attempt got no answer");
});

test("a gateway's answer that leaves the outcome unknown is an answer", () => {
  expect(judge(liveness, { attempts: [{ outcome: "unknown", status: 504 }] }).verdict).toBe("pass");
});

test("no attempts, and a shop that nobody could reach, prove nothing", () => {
  expect(judge(liveness, { attempts: [] }).verdict).toBe("inconclusive");
  expect(judge(liveness, { attempts: [{ outcome: "error", status: 0 }] }).verdict).toBe("inconclusive");
});

test("the timer of a long deadline may be early by its own measure", () => {
  const attempts = [answered, { outcome: "unknown", sent: 0, ended: 9950 } as const];
  expect(judge(liveness, { attempts, load: { timeoutMs: 10_000 } }).verdict).toBe("fail");
  expect(judge(liveness, { attempts, load: { timeoutMs: 20_000 } }).verdict).toBe("inconclusive");
});

const kill = { action: { kind: "kill", nodes: [], servers: [0], keepData: false }, at: AT_ONCE, forMs: 200 } as const;
const freeze = { action: { kind: "freeze", nodes: [], servers: [0] }, at: AT_ONCE, forMs: 200 } as const;
const elsewhere = { outcome: "sold", sent: 0, ended: 900, server: 1 } as const;

/** One attempt at server 0 that got no answer, and a fault of that server from 100 ms on. */
function under(fault: FaultPlan, healed: number | null, attempt: Partial<Attempt>): Ruling {
  const attempts: Attempt[] = [elsewhere, { outcome: "unknown", sent: 50, ended: 101, server: 0, ...attempt }];
  return judge(liveness, { attempts, faults: [fault], faultTimes: [{ injected: 5000, healed }] });
}

test("whoever was cut off by the kill of his server is excused, and counted", () => {
  // The kill is stamped a little later than the buyers feel it.
  const ruling = under(kill, 5300, { sent: 4700, ended: 4990 });
  expect(ruling).toMatchObject({ verdict: "pass", actual: "1 of 2 answered" });
  expect(ruling.detail).toContain("1 attempt excused, whose server a fault had stopped");
  // At the other server nobody was killed, nor here long before and after.
  expect(under(kill, 5300, { sent: 4700, ended: 4990, server: 1 }).verdict).toBe("inconclusive");
  expect(under(kill, 5300, { sent: 3000, ended: 3900 }).verdict).toBe("inconclusive");
  expect(under(kill, 5300, { sent: 5400, ended: 5500 }).verdict).toBe("inconclusive");
});

test("an attempt that hangs at a server that was not stopped fails, whatever was done to the other", () => {
  expect(under(freeze, 5200, { sent: 5000, ended: 6000, server: 1 }).verdict).toBe("fail");
  expect(under(freeze, 5200, { sent: 5300, ended: 6300 }).verdict).toBe("fail");
  expect(under(kill, 5200, { sent: 5300, ended: 6300 }).verdict).toBe("fail");
});

test("whoever gave up while his server stood still, or had just been thawed, is excused", () => {
  expect(under(freeze, null, { sent: 4900, ended: 5900 }).verdict).toBe("pass");
  expect(under(freeze, 5800, { sent: 4900, ended: 5900 }).verdict).toBe("pass");
  // A server that nobody lets go on answers nobody, and that proves nothing.
  const attempts: Attempt[] = [{ outcome: "unknown", sent: 4900, ended: 5900 }];
  const faultTimes = [{ injected: 5000, healed: null }];
  expect(judge(liveness, { attempts, faults: [freeze], faultTimes }).verdict).toBe("inconclusive");
});

test("whoever waits in vain long after his server was thawed may have met a shop that hangs", () => {
  const ruling = under({ ...freeze }, 5200, { sent: 4900, ended: 6900 });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("their server was frozen for a part of that time");
});

test("a fault of a node excuses nobody", () => {
  const node = { ...freeze, action: { kind: "freeze", nodes: [0], servers: [] } } as const;
  expect(under(node, 5900, { sent: 4900, ended: 5900 }).verdict).toBe("fail");
});
