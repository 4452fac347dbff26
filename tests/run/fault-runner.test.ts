import { describe, expect, it } from "vitest";
import type { FaultPlan, FaultTime } from "../../src/domain/fault.ts";
import { seededRandom } from "../../src/domain/random.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { systemClock } from "../../src/host/clock.ts";
import { FaultRunner } from "../../src/run/fault-runner.ts";

const clock = systemClock();

/** A fault that writes down what is done to it, and may fail at it. */
function noting(name: string, notes: string[], failing: keyof Fault | "" = ""): Fault {
  const act = (what: keyof Fault): Promise<void> => {
    notes.push(`${what} ${name}`);
    return what === failing ? Promise.reject(new Error("no power")) : Promise.resolve();
  };
  return {
    inject: async (hit) => {
      await act("inject");
      hit();
    },
    undo: () => act("undo"),
    answered: () => act("answered"),
  };
}

function planned(at: FaultTime, forMs: number | null = null): FaultPlan {
  return { action: { kind: "freeze", nodes: [0], servers: [] }, at, forMs };
}

function runnerOf(plans: readonly FaultPlan[], faults: readonly Fault[], notes: string[] = []): FaultRunner {
  return new FaultRunner({
    plans,
    faults,
    units: 100,
    clock,
    random: seededRandom(1),
    inFault: (inForce) => notes.push(inForce ? "in fault" : "whole"),
  });
}

const SOLD_30: FaultTime = { kind: "sold", share: 0.3 };

describe("a fault that waits for a share of the stock", () => {
  it("comes with the sale that makes it, not before", async () => {
    const notes: string[] = [];
    const runner = runnerOf([planned(SOLD_30)], [noting("a", notes)]);
    runner.progress({ sent: 100, sold: 29 });
    await clock.sleep(5);
    expect(notes).toEqual([]);
    runner.progress({ sent: 100, sold: 30 });
    await expect.poll(() => notes).toEqual(["inject a"]);
    await runner.end();
    expect(notes).toEqual(["inject a", "undo a", "answered a"]);
  });

  it("never comes when the load ends before, and says so", async () => {
    const notes: string[] = [];
    const runner = runnerOf([planned(SOLD_30)], [noting("a", notes)], notes);
    runner.progress({ sent: 100, sold: 29 });
    await runner.end();
    expect(notes).toEqual([]);
    expect(runner.records(0n)).toEqual([
      { fault: 0, injectedAt: Number.NaN, inForceAt: Number.NaN, healedAt: Number.NaN },
    ]);
    expect(runner.incidents).toEqual([]);
  });
});

describe("the moment of a fault", () => {
  it("is when its first part began, where the fault tells that itself", async () => {
    const notes: string[] = [];
    const kill: Fault = {
      ...noting("kill", notes),
      inject: (hit) => {
        notes.push("inject kill");
        hit(7_000_000n);
        hit(5_000_000n);
        return Promise.resolve();
      },
    };
    const runner = runnerOf([planned({ kind: "elapsed", ms: 0 })], [kill]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["inject kill"]);
    await runner.end();
    expect(runner.records(0n)[0]?.injectedAt).toBe(5e6);
  });

  it("is in force when all of its parts are", async () => {
    let finish = (): void => undefined;
    const slow: Fault = {
      ...noting("slow", []),
      inject: (hit) => {
        hit(5n);
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    };
    const runner = runnerOf([planned({ kind: "elapsed", ms: 0 })], [slow]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => runner.records(0n)[0]?.injectedAt).toBe(5);
    expect(runner.records(0n)[0]?.inForceAt).toBeNaN();
    const before = clock.nowNs();
    finish();
    await expect.poll(() => runner.records(before)[0]?.inForceAt).toBeGreaterThanOrEqual(0);
    await runner.end();
  });
});

describe("a fault that waits for a time", () => {
  it("counts from the first send, not from the start of the connections", async () => {
    const notes: string[] = [];
    const runner = runnerOf([planned({ kind: "elapsed", ms: 30 })], [noting("a", notes)]);
    runner.progress({ sent: 0, sold: 0 });
    await clock.sleep(60);
    expect(notes).toEqual([]);
    const sentNs = clock.nowNs();
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["inject a"]);
    await runner.end();
    expect(runner.records(sentNs)[0]?.injectedAt).toBeGreaterThan(28e6);
  });

  it("is drawn with the seed where it is to be random", async () => {
    const notes: string[] = [];
    const runner = runnerOf([planned({ kind: "random", fromMs: 20, toMs: 40 })], [noting("a", notes)]);
    const sentNs = clock.nowNs();
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["inject a"]);
    await runner.end();
    const drawnMs = 20 + seededRandom(1)() * 20;
    expect(runner.records(sentNs)[0]?.injectedAt).toBeGreaterThan((drawnMs - 2) * 1e6);
  });

  it("is undone while the load goes on once its time has passed", async () => {
    const notes: string[] = [];
    const runner = runnerOf([planned({ kind: "elapsed", ms: 1 }, 10)], [noting("a", notes)]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["inject a", "undo a", "answered a"]);
    await runner.end();
    const [record] = runner.records(0n);
    expect((record?.healedAt ?? 0) - (record?.injectedAt ?? 0)).toBeGreaterThan(8e6);
    expect(notes).toHaveLength(3);
  });
});

describe("the end of the load", () => {
  const atOnce: FaultTime = { kind: "elapsed", ms: 0 };

  it("undoes everything in reverse order, and only then waits for answers", async () => {
    const notes: string[] = [];
    const runner = runnerOf(
      [planned(atOnce), planned(SOLD_30, 60_000)],
      [noting("a", notes), noting("b", notes)],
      notes,
    );
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toContain("inject a");
    runner.progress({ sent: 50, sold: 50 });
    await expect.poll(() => notes).toContain("inject b");
    await Promise.all([runner.end(), runner.end()]);
    expect(notes).toEqual([
      "in fault",
      "inject a",
      "inject b",
      "undo b",
      "undo a",
      "answered a",
      "answered b",
      "whole",
    ]);
  });

  it("undoes also what was being injected when it came", async () => {
    const notes: string[] = [];
    let whole = (): void => undefined;
    const slow: Fault = {
      ...noting("slow", notes),
      inject: (hit) =>
        new Promise((resolve) => {
          hit();
          whole = resolve;
        }),
    };
    const runner = runnerOf([planned(atOnce)], [slow]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => runner.records(0n)[0]?.injectedAt).toBeGreaterThan(0);
    const ended = runner.end();
    await clock.sleep(5);
    expect(notes).toEqual([]);
    whole();
    await ended;
    expect(notes).toEqual(["undo slow", "answered slow"]);
  });

  it.each([
    ["inject", "freeze redis could not be injected: no power"],
    ["undo", "freeze redis could not be undone: no power"],
    ["answered", "freeze redis did not heal: no power"],
  ] as const)("tells what could not be done (%s), and mends all else", async (failing, incident) => {
    const notes: string[] = [];
    const runner = runnerOf(
      [planned(atOnce), planned(atOnce)],
      [noting("a", notes), noting("b", notes, failing)],
      notes,
    );
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["in fault", "inject a", "inject b"]);
    await runner.end();
    expect(runner.incidents).toEqual([incident]);
    expect(runner.records(0n)[1]?.obstacle).toBe(failing === "inject" ? "no power" : undefined);
    expect(notes).toEqual(expect.arrayContaining(["undo a", "undo b", "answered a"]));
    const marked = notes.includes("whole");
    expect(marked).toBe(failing === "inject");
  });

  it("undoes once more what could not be undone in time, and tells nothing where that succeeds", async () => {
    const notes: string[] = [];
    let tries = 0;
    const stubborn: Fault = {
      ...noting("a", notes),
      undo: () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error("it is frozen")) : Promise.resolve(void notes.push("undo a"));
      },
    };
    const runner = runnerOf([planned(atOnce, 1)], [stubborn], notes);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => tries).toBe(1);
    await runner.end();
    expect(notes).toEqual(["in fault", "inject a", "undo a", "answered a", "whole"]);
    expect(runner.incidents).toEqual([]);
    expect(runner.records(0n)[0]?.healedAt).toBeGreaterThan(0);
  });

  it("looks again whether a fault has healed when the one that kept it from answering is undone", async () => {
    const notes: string[] = [];
    const frozen: Fault = {
      ...noting("freeze", notes),
      answered: () => (notes.includes("undo kill") ? Promise.resolve() : Promise.reject(new Error("it is down"))),
    };
    const runner = runnerOf([planned(atOnce, 1), planned(atOnce, 30)], [frozen, noting("kill", notes)]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toContain("answered kill");
    await expect.poll(() => runner.records(0n)[0]?.healedAt).toBeGreaterThan(0);
    const healedAt = runner.records(0n)[0]?.healedAt;
    await runner.end();
    expect(runner.records(0n)[0]?.healedAt).toBe(healedAt);
    expect(runner.incidents).toEqual([]);
  });

  it("undoes at the very end what only another fault kept from being undone", async () => {
    const notes: string[] = [];
    const needsOther: Fault = {
      ...noting("b", notes),
      undo: () =>
        notes.includes("undo a") ? Promise.resolve(void notes.push("undo b")) : Promise.reject(new Error("not yet")),
    };
    const runner = runnerOf([planned(atOnce), planned(atOnce)], [noting("a", notes), needsOther]);
    runner.progress({ sent: 1, sold: 0 });
    await expect.poll(() => notes).toEqual(["inject a", "inject b"]);
    await runner.end();
    expect(notes.slice(2, 4)).toEqual(["undo a", "undo b"]);
    expect(runner.incidents).toEqual([]);
  });
});
