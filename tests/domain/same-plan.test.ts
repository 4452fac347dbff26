import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/domain/plan.ts";
import { samePlan } from "../../src/domain/same-plan.ts";
import { samplePlan } from "../support/sample-run.ts";

const plan = samplePlan();

/** The sample, started from a folder, with its database in a file of that folder. */
function shopIn(folder: string): Plan {
  const start = { command: ["node", "main.js"], cwd: `${folder}/shop`, env: {}, stopWithinMs: 1000 };
  const file = `${folder}/shop/shop.db`;
  return {
    ...plan,
    folder: `${folder}/v1_stress`,
    target: { ...plan.target, start, url: null, purchaseProbe: { kind: "sqlite", file, query: "SELECT 1" } },
  };
}

describe("two plans ask the same", () => {
  it("where only the title, the tags, the port, and the order of the keys are different", () => {
    const reversed = Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan;
    expect(samePlan(plan, reversed)).toBe(true);
    expect(samePlan(plan, { ...plan, title: "another", tags: [], stack: { ...plan.stack, port: 8080 } })).toBe(true);
    expect(samePlan(plan, { ...plan, stack: { ...plan.stack, tapForFaults: true } })).toBe(true);
  });

  it("where all files were moved together, and not where one of them is another", () => {
    const here = shopIn("/home/ann/scenarios");
    expect(samePlan(here, shopIn("/opt/lockbench/scenarios"))).toBe(true);
    expect(samePlan(here, { ...here, folder: "/home/ann/others/v1_stress" })).toBe(false);
  });

  it("after one of them was written as JSON and read again", () => {
    expect(samePlan(plan, JSON.parse(JSON.stringify(plan)) as Plan)).toBe(true);
  });
});

describe("two plans ask different things", () => {
  const changes: readonly (readonly [string, Partial<Plan>])[] = [
    ["buyers", { load: { ...plan.load, buyers: 4 } }],
    ["stock", { products: [{ id: "1", stock: 2 }] }],
    ["replicas", { stack: { ...plan.stack, replicas: 2 } }],
    ["Redis nodes", { stack: { ...plan.stack, redisNodes: 5 } }],
    ["lock", { lock: "spin" }],
    ["demands", { demands: { ...plan.demands, firstCome: null } }],
    ["the shop", { target: { ...plan.target, url: "http://127.0.0.1:8081" } }],
    [
      "faults",
      {
        faults: [{ action: { kind: "freeze", nodes: [0], servers: [] }, at: { kind: "elapsed", ms: 5 }, forMs: null }],
      },
    ],
  ];

  it.each(changes)("where %s changed", (_what, change) => {
    expect(samePlan(plan, { ...plan, ...change })).toBe(false);
  });
});
