import { expect, test } from "vitest";
import { liveness } from "../../src/checks/liveness.ts";
import { judge } from "../support/histories.ts";

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
