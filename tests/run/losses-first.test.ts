import { expect, test } from "vitest";
import { systemHost } from "../../src/host/host.ts";
import { lossesFirst } from "../../src/run/losses-first.ts";
import type { Casualty } from "../../src/stacks/stack.ts";

const { clock } = systemHost();
const stackThatLost = (...casualties: Casualty[]) => ({ casualties: () => Promise.resolve(casualties) });
const seeding = (): Promise<never> => Promise.reject(new Error("check the seed steps"));

test("a seed that fails because Redis died is told by the death of Redis", async () => {
  const stack = stackThatLost({ what: "redis died: exit code 137", byOthers: true });
  await expect(lossesFirst("seeding v1_basic", stack, clock, seeding)).rejects.toThrow(
    "seeding v1_basic: the stack did not stay whole: redis died: exit code 137",
  );
});

test("a seed that fails on a stack that is whole is told by its own error", async () => {
  await expect(lossesFirst("seeding v1_basic", stackThatLost(), clock, seeding)).rejects.toThrow(
    "check the seed steps",
  );
});
