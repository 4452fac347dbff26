import { expect, test } from "vitest";
import { recovery } from "../../src/checks/recovery.ts";
import type { Attempt } from "../support/histories.ts";
import { type WireStory, judgeWire, kill, wireCase } from "../support/wires.ts";

const faults = [{ action: kill({ nodes: [1] }), injected: 10, healed: 100 }];
const busy = (sent: number, ended: number): Attempt => ({ outcome: "busy", sent, ended });
const sold = (sent: number, ended: number): Attempt => ({ outcome: "sold", sent, ended });

function ruling(attempts: readonly Attempt[], more: WireStory = {}): { verdict: string; actual: string } {
  return judgeWire(recovery, { attempts, faults, demands: { recoveryMs: 50 }, ...more });
}

test("served within the time passes, and later fails", () => {
  expect(ruling([busy(20, 60), sold(80, 120)])).toMatchObject({ verdict: "pass", actual: "served after 20 ms" });
  expect(ruling([busy(20, 60), sold(80, 151)])).toMatchObject({ verdict: "fail", actual: "not served in time" });
});

test("whoever waited in vain for longer has seen it, whoever gave up early has not", () => {
  expect(ruling([sold(0, 5), busy(110, 160)]).verdict).toBe("fail");
  expect(ruling([sold(0, 5), busy(110, 120)]).verdict).toBe("inconclusive");
});

test("witnesses that agree too late, or never, fail", () => {
  expect(ruling([sold(80, 120)], { agreedAfterMs: 51 }).actual).toBe("witnesses out of step");
  expect(ruling([sold(80, 120)], { agreedAfterMs: null }).verdict).toBe("fail");
  expect(ruling([sold(80, 120)], { agreedAfterMs: null, settled: false }).verdict).toBe("inconclusive");
});

test("when nobody buys any more, only a node that came back empty puts it to the test", () => {
  expect(ruling([sold(0, 5)]).verdict).toBe("pass");
  const frozen = [{ action: { kind: "freeze", nodes: [1], servers: [] } as const, injected: 10, healed: 100 }];
  expect(ruling([sold(0, 5)], { faults: frozen }).verdict).toBe("inconclusive");
});

test("without a fault there was nothing to recover from", () => {
  expect(ruling([sold(0, 5)], { faults: [] }).verdict).toBe("inconclusive");
  expect(recovery.applies(wireCase({}).plan)).toBe(false);
});
