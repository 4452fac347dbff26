import { describe, expect, it } from "vitest";
import { settle } from "../../src/run/settle.ts";
import type { Clock } from "../../src/host/clock.ts";
import type { Snapshot } from "../../src/run/witnesses.ts";

/** A clock that only sleeping moves: settling is arithmetic on it. */
function steppedClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    nowNs: () => BigInt(Math.round(now * 1e6)),
    date: () => new Date(0),
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}

function rows(count: number, unreachable: readonly string[] = []): Snapshot {
  return { stock: [], rows: count, unreachable };
}

function settling(
  clock: Clock,
  at: (ms: number) => Snapshot,
  agrees = true,
  hopeless = false,
  consistent = (_: Snapshot) => agrees,
) {
  return settle(() => Promise.resolve(at(clock.now())), {
    demands: { quietMs: 150, withinMs: 10_000 },
    clock,
    signal: new AbortController().signal,
    agrees: () => agrees,
    consistent,
    hopeless: () => Promise.resolve(hopeless),
  });
}

describe("settling", () => {
  it("takes what the probes say once they have not changed for the quiet time", async () => {
    const clock = steppedClock();
    const settled = await settling(clock, (ms) => rows(ms < 500 ? ms : 500));
    expect(settled).toMatchObject({ settled: true, snapshot: { rows: 500 } });
    expect(settled.afterMs).toBeGreaterThanOrEqual(650);
  });

  it("gives up at the deadline when the probes never stop changing", async () => {
    const clock = steppedClock();
    const settled = await settling(clock, (ms) => rows(ms));
    expect(settled.settled).toBe(false);
    expect(settled.afterMs).toBeGreaterThanOrEqual(10_000);
  });

  it("waits longer for a shop whose rows do not fit what the buyers were told yet", async () => {
    const clock = steppedClock();
    const settled = await settling(clock, (ms) => rows(ms < 2500 ? 0 : 100), false);
    expect(settled).toMatchObject({ settled: true, snapshot: { rows: 100 } });
  });

  it("says since when the witnesses have agreed, not when they first did", async () => {
    const clock = steppedClock();
    const at = (ms: number): Snapshot => rows(ms < 100 ? 1 : ms < 200 ? 2 : 1);
    const settled = await settling(clock, at, true, false, ({ rows: found }) => found === 1);
    expect(settled.agreedAt).toBeGreaterThanOrEqual(200);
    expect(settled.agreedAt).toBeLessThan(300);
    const never = await settling(
      steppedClock(),
      () => rows(2),
      true,
      false,
      ({ rows: found }) => found === 1,
    );
    expect(never).toMatchObject({ settled: true, agreedAt: null });
  });

  it("does not settle while a probe cannot be read", async () => {
    const clock = steppedClock();
    expect(await settling(clock, () => rows(1, ["redis: gone"]))).toMatchObject({ settled: false });
  });

  it("does not wait for a stack that has died", async () => {
    const clock = steppedClock();
    const settled = await settling(clock, () => rows(1, ["redis: gone"]), true, true);
    expect(settled).toMatchObject({ settled: false, afterMs: 0 });
  });
});
