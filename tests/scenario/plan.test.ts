import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockbenchError } from "../../src/domain/errors.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { describePlan } from "../../src/scenario/describe-plan.ts";
import type { Overrides } from "../../src/scenario/overrides.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { resolvePlan } from "../../src/scenario/resolve-plan.ts";
import { BUNDLED, folderWith, SOUND } from "./folders.ts";

async function planOf(
  yaml: string,
  overrides: Overrides = {},
  others: Readonly<Record<string, string>> = {},
): Promise<Plan> {
  const cwd = await folderWith({ "sale/scenario.yaml": yaml, ...others });
  return resolvePlan(await readScenario(join(cwd, "sale/scenario.yaml"), { cwd }), overrides);
}

function refusal(action: () => unknown): LockbenchError {
  try {
    action();
  } catch (error) {
    if (error instanceof LockbenchError) return error;
    throw error;
  }
  throw new Error("expected a refusal, found none");
}

describe("a plan", () => {
  it("has sensible defaults for what the scenario leaves out", async () => {
    const { stack, load, lock, demands, seed, tags, control, target } = await planOf(SOUND);
    expect(stack).toEqual({
      redisNodes: 1,
      externalRedis: [],
      replicas: 1,
      port: null,
      tap: false,
      tapForFaults: false,
    });
    expect(load).toMatchObject({ spawnRate: null, runTimeMs: null, timeoutMs: 10_000, buyersRepeat: false });
    expect(demands).toEqual({
      sold: null,
      perBuyer: 1,
      firstCome: null,
      firstComePerServer: null,
      thresholds: [{ metric: "errors", operator: "<=", bound: 1 }],
      contention: { inFlight: 60, spreadMs: 500 },
      settle: { quietMs: 400, withinMs: 10_000 },
      recoveryMs: null,
      breaker: null,
    });
    expect({ lock, seed, tags, control }).toEqual({ lock: "fifo", seed: 1, tags: [], control: null });
    expect(target.ready).toEqual({ path: "/health", status: 200, withinMs: 10_000 });
    expect(target.start?.stopWithinMs).toBe(5000);
  });

  it("takes overrides over what the scenario says", async () => {
    const plan = await planOf(SOUND, {
      users: 50,
      stock: 7,
      spawnRate: 2.5,
      runTime: 3000,
      replicas: 3,
      lock: "spin",
      seed: 9,
      port: 9000,
    });
    expect(plan.load).toMatchObject({ buyers: 50, spawnRate: 2.5, runTimeMs: 3000 });
    expect(plan.products).toEqual([{ id: "1", stock: 7 }]);
    expect(plan.stack).toMatchObject({ replicas: 3, port: 9000 });
    expect([plan.lock, plan.seed]).toEqual(["spin", 9]);
  });

  it("demands of a ramp that buyers meet, and of nothing but a burst a spread", async () => {
    expect((await planOf(SOUND, { spawnRate: 10 })).demands.contention).toEqual({ inFlight: 2, spreadMs: null });
    expect((await planOf(SOUND, { runTime: 1000 })).demands.contention).toEqual({ inFlight: 60, spreadMs: null });
    expect((await planOf(SOUND, { users: 3 })).demands.contention).toEqual({ inFlight: 2, spreadMs: 500 });
  });

  it("forgets the number of units that must be sold when buyers or stock are others", async () => {
    const yaml = `${SOUND}expect: { sold: 90 }\n`;
    expect((await planOf(yaml)).demands.sold).toBe(90);
    expect((await planOf(yaml, { users: 20 })).demands.sold).toBeNull();
    expect((await planOf(yaml, { stock: 20 })).demands.sold).toBeNull();
  });

  it("lets buyers who come back own as many units as they get", async () => {
    const yaml = SOUND.replace("buyers: 300", "buyers: 300\n  run_time: 2s\n  buyers_repeat: true");
    expect(await planOf(yaml)).toMatchObject({ load: { buyersRepeat: true }, demands: { perBuyer: null } });
  });

  it("lets each buyer own what one order holds", async () => {
    const yaml = SOUND.replace("buyers: 300", "buyers: 300\n  quantity: 4");
    expect(await planOf(yaml)).toMatchObject({
      demands: { perBuyer: 4 },
      load: { orders: [{ lines: [{ quantity: 4 }] }] },
    });
  });

  it("draws the products of the orders with the seed", async () => {
    const yaml = SOUND.replace('- { id: "1", stock: 100 }', "").replace(
      "products:",
      "products: { count: 3, stock: 100 }",
    );
    const drawn = (await planOf(yaml, { seed: 5 })).load.orderOf;
    expect(drawn).toHaveLength(300);
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2]));
    expect((await planOf(yaml, { seed: 5 })).load.orderOf).toEqual(drawn);
    expect((await planOf(yaml, { seed: 6 })).load.orderOf).not.toEqual(drawn);
    expect((await planOf(yaml.replace("buyers: 300", "buyers: 300\n  order: in_turn"))).load.orderOf).toEqual([
      0, 1, 2,
    ]);
  });

  it("reads durations, percentages, statuses and thresholds into numbers", async () => {
    const yaml = `${SOUND.replace("status: 201", 'status: "2xx"').replace("buyers: 300", "buyers: 300\n  timeout: 1.5s")}
expect: { first_come: 99.5%, per_buyer: unlimited }
thresholds: { p99: "< 1s", errors: "<= 2%" }
contention: { in_flight: 33, spread: 2m }
`;
    expect(await planOf(yaml)).toMatchObject({
      load: { timeoutMs: 1500 },
      demands: {
        firstCome: 0.995,
        perBuyer: null,
        thresholds: [
          { metric: "p99", operator: "<", bound: 1000 },
          { metric: "errors", operator: "<=", bound: 2 },
        ],
        contention: { inFlight: 33, spreadMs: 120_000 },
      },
      target: { outcomes: [{ status: [200, 299], outcome: "sold" }, { status: [409, 409] }] },
    });
  });

  it("fills the lock into the purchase request, which nobody does later", async () => {
    const yaml = SOUND.replace(
      "path: /buy",
      'path: "/buy/${lock}"\n    headers: { x-lock: "${lock}", x-key: "${key}" }',
    );
    const { purchase } = (await planOf(yaml, { lock: "spin" })).target;
    expect(purchase).toMatchObject({ path: "/buy/spin", headers: { "x-lock": "spin", "x-key": "${key}" } });
  });

  it("starts relative paths at the file that says them, and lets a scenario change its target file", async () => {
    const target =
      'start: { command: [node, shop.js], env: { A: 1, B: 2 } }\npurchase: { path: "/${buyer}" }\noutcomes: [{ status: 201, is: sold }]\nprobes: { stock: [{ sqlite: { file: shop.db, query: SELECT 1 } }] }\n';
    const yaml = `title: A sale
target: { from: ../shops/a.target.yaml, start: { env: { B: 3 } }, seed: [{ sqlite: { file: own.db, statements: [DELETE FROM t] } }] }
products: [{ id: 1, stock: 1 }]
load: { buyers: 2 }
`;
    const plan = await planOf(yaml, {}, { "shops/a.target.yaml": target });
    const root = join(plan.folder, "..");
    expect(plan.target.start).toMatchObject({ cwd: join(root, "shops"), env: { A: "1", B: "3" } });
    expect(plan.target.stockProbes).toMatchObject([{ name: "database", file: join(root, "shops/shop.db") }]);
    expect(plan.target.seed).toMatchObject([{ kind: "sqlite", file: join(root, "sale/own.db") }]);
  });
});

/** The sound scenario with baskets of five products. */
function basketsOf(load: string, stock = 100): string {
  return SOUND.replace('- { id: "1", stock: 100 }', "")
    .replace("products:", `products: { count: 5, stock: ${String(stock)} }`)
    .replace('product: "${product}"', 'items: "${items}"')
    .replace("buyers: 300", load);
}

describe("the plan of a sale of baskets", () => {
  it("draws different products for each, in any order, and the same ones for the same seed", async () => {
    const yaml = basketsOf("buyers: 300\n  quantity: 2\n  basket: { products: [2, 3] }");
    const { load, demands } = await planOf(yaml);
    expect(load.orderOf).toHaveLength(300);
    expect(new Set(load.orderOf).size).toBe(load.orders.length);
    expect(new Set(load.orders.map(({ lines }) => lines.length))).toEqual(new Set([2, 3]));
    expect(new Set(load.orders.map((order) => JSON.stringify(order))).size).toBe(load.orders.length);
    for (const { lines } of load.orders) {
      expect(new Set(lines.map(({ product }) => product)).size).toBe(lines.length);
      expect(lines.every(({ product, quantity }) => product >= 0 && product < 5 && quantity === 2)).toBe(true);
    }
    const named = load.orders.map(({ lines }) => lines.map(({ product }) => product).join());
    expect(named).toEqual(expect.arrayContaining(["0,1", "1,0"]));
    expect(demands.perBuyer).toBe(6);
    expect((await planOf(yaml)).load).toEqual(load);
    expect((await planOf(yaml, { seed: 2 })).load.orderOf).not.toEqual(load.orderOf);
  });

  it("keeps the table short, however many buyers there are", async () => {
    const { load } = await planOf(basketsOf("buyers: 100000\n  basket: { products: 5 }", 100_000));
    expect(load.orders).toHaveLength(120);
    expect(load.orderOf).toHaveLength(4096);
  });

  it("lets each buyer name the items of a bundle in an order of his own", async () => {
    const items = "[{ product: 4 }, { product: 1, quantity: 3 }]";
    const plan = await planOf(basketsOf(`buyers: 50\n  basket: { items: ${items} }`));
    const [four, one] = [
      { product: 3, quantity: 1 },
      { product: 0, quantity: 3 },
    ];
    expect(new Set(plan.load.orders.map(({ lines }) => JSON.stringify(lines)))).toEqual(
      new Set([JSON.stringify([four, one]), JSON.stringify([one, four])]),
    );
    expect(plan.demands.perBuyer).toBe(4);
    expect(describePlan(plan)).toMatch(/load +50 buyers, each a basket of 3 of 1, 1 of 4, all at once/);
  });

  it("demands that all be sold where the stock suffices for all, whatever is overridden", async () => {
    const yaml = `${basketsOf("buyers: 100\n  basket: { products: 2 }")}expect: { sold: all }\n`;
    expect((await planOf(yaml)).demands.sold).toBe(200);
    expect((await planOf(yaml, { users: 30, seed: 4 })).demands.sold).toBe(60);
    expect((await planOf(yaml, { stock: 3 })).demands.sold).toBeNull();
    expect((await planOf(yaml, { runTime: 1000 })).demands.sold).toBeNull();
  });

  it("is described", async () => {
    const text = describePlan(await planOf(basketsOf("buyers: 90\n  basket: { products: [1, 3] }")));
    expect(text).toMatch(/load +90 buyers, each a basket of 1 to 3 products \(1 unit of each\), all at once/);
  });
});

describe("the plan of a sale to which buyers come back", () => {
  const yaml = SOUND.replace("buyers: 300", "buyers: 300\n  retry: { pause: 50ms }");

  it("says when, and for how long", async () => {
    const plan = await planOf(yaml);
    expect(plan.load).toMatchObject({ retry: { pauseMs: 50, withinMs: 10_000 }, buyersRepeat: false });
    expect(plan.demands.perBuyer).toBe(1);
    expect(describePlan(plan)).toContain("coming back 50 ms after a refusal, for 10 s at most");
    expect((await planOf(SOUND)).load.retry).toBeNull();
  });

  it("cannot be one in which everybody goes on buying", async () => {
    await expect(planOf(yaml, { runTime: 500 })).rejects.toThrow(
      "--run-time: expected none, since buyers of this scenario come back by themselves (load.retry), found 500 ms",
    );
  });
});

describe("an override that a scenario cannot bear", () => {
  it("is refused with all others, each by the name of its option", async () => {
    const cwd = await folderWith({ "sale/scenario.yaml": SOUND });
    const scenario = await readScenario("sale/scenario.yaml", { cwd });
    const error = refusal(() =>
      resolvePlan(scenario, { users: 0, stock: 1.5, replicas: -1, spawnRate: Number.NaN, lock: "fif" }),
    );
    expect(error.exit).toBe(2);
    expect(error.message.split("\n")).toEqual([
      "--users: expected a whole number from 1 to 10000000, found 0",
      "--stock: expected a whole number from 1 to 1000000000, found 1.5",
      "--replicas: expected a whole number from 1 to 64, found -1",
      "--spawn-rate: expected more than 0 and at most 1000000 buyers per second, found NaN",
      '--lock: expected one of fifo, spin, found "fif", did you mean "fifo"?',
    ]);
  });

  it("is a lock, where the target has no choice of locks", async () => {
    const refused = planOf(SOUND.replace("  locks: [fifo, spin]\n", ""), { lock: "fifo" });
    await expect(refused).rejects.toThrow(
      '--lock: expected no lock, since the target of sale lists none, found "fifo"',
    );
  });

  it("is a second replica of a shop that already runs", async () => {
    const yaml = SOUND.replace(/start:[\s\S]*?locks:/, "url: http://127.0.0.1:8080\n  locks:")
      .replace("redis: 1", "redis: { external: [redis://127.0.0.1:6379] }")
      .replace(/ {2}seed:\n.*\n/, "");
    expect((await planOf(yaml)).target).toMatchObject({ start: null, url: "http://127.0.0.1:8080" });
    await expect(planOf(yaml, { replicas: 2 })).rejects.toThrow(
      "--replicas: expected none, since the shop already runs",
    );
  });
});

describe("describing a plan", () => {
  it("says what is started, who buys and what must be true", async () => {
    const text = describePlan(resolvePlan(await readScenario(join(BUNDLED, "v1_stress/scenario.yaml")), { users: 30 }));
    expect(text).toContain("v1_stress: Black Friday: three buyers for each unit\n");
    expect(text).toMatch(/lock +fifo \(--lock takes spin, lua, none, redlock-manual, redlock-library too\)/);
    expect(text).toMatch(/load +30 buyers, 1 unit each, all at once/);
    expect(text).toMatch(/thresholds +tps >= 100 \/s, avg < 200 ms, p99 < 1000 ms/);
    expect(text).toMatch(/first come +at least 99% of the units/);
    expect(text.endsWith("\n")).toBe(true);
  });
});
