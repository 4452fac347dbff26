import { expect, test } from "vitest";
import type { Plan } from "../../src/domain/plan.ts";
import { judgeableOn } from "../../src/run/judgeable.ts";
import { samplePlan } from "../support/sample-run.ts";

const containers = { kind: "docker", controls: null };
const processes = { kind: "local", controls: null };
const start = { command: ["node", "shop.js"], cwd: "/shop", env: {}, stopWithinMs: 1000 };
const lockKeys = { lock: "lock:${product}", guarded: null };

function planWith({ tap, target = {} }: { readonly tap: boolean; readonly target?: Partial<Plan["target"]> }): Plan {
  const plan = samplePlan();
  return { ...plan, stack: { ...plan.stack, tap }, target: { ...plan.target, start, url: null, lockKeys, ...target } };
}

test("on a stack without a wire tap the plan is judged without one, and that is said where locks would be judged", () => {
  const judged = judgeableOn(containers, planWith({ tap: true }));
  expect(judged.plan).toEqual(planWith({ tap: false }));
  expect(judged.remarks).toEqual(["the checks of locks were left out: the stack (docker) has no wire tap to go by"]);
  expect(judgeableOn(containers, planWith({ tap: true, target: { lockKeys: null } })).remarks).toEqual([]);
});

test("who names the keys of locks and asks for no tap is told what would set one up", () => {
  const judged = judgeableOn(processes, planWith({ tap: false }));
  expect(judged.plan).toEqual(planWith({ tap: false }));
  expect(judged.remarks).toEqual([expect.stringContaining("`stack: { tap: true }`")]);
  // In containers it would set up nothing.
  expect(judgeableOn(containers, planWith({ tap: false })).remarks).toEqual([expect.stringContaining("(docker)")]);
});

test("nothing is said of a tap where no locks are named, and where there is no place for one", () => {
  expect(judgeableOn(processes, planWith({ tap: false, target: { lockKeys: null } })).remarks).toEqual([]);
  expect(judgeableOn(processes, planWith({ tap: false, target: { start: null } })).remarks).toEqual([]);
});
