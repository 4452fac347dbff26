import { afterEach, beforeEach, expect, it } from "vitest";
import type { Hold, Lock } from "../../src/server/locks/lock.ts";
import { type GuardTools, soundParts } from "../../src/server/parts.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { buy } from "./support/buyers.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

/** The shop's lock, in which something else happens to who rehearses. */
function lockOf(tools: GuardTools, rehearsing: (deadlineMs: number) => Promise<Hold | null>): Lock {
  const lock = soundParts.lock(tools);
  return {
    acquire: (name, deadlineMs, token) =>
      name.includes("rehearsal") ? rehearsing(deadlineMs) : lock.acquire(name, deadlineMs, token),
    release: (hold) => lock.release(hold),
    close: () => lock.close(),
  };
}

it("a rehearsal that fails does not open the breaker", async () => {
  const lock = (tools: GuardTools): Lock => lockOf(tools, () => Promise.reject(new Unavailable("redis: away")));
  const shop = await world.shop({ rehearsal: 40, breaker: { failures: 1, probeMs: 60_000 }, parts: { lock } });
  await world.seed({ "1": 5 });
  expect((await buy(shop.url, "ann")).body).toMatchObject({ outcome: "sold", breaker: "closed" });
});

it("a rehearsal waits for no lock as long as a buyer does", async () => {
  const waitsMs: number[] = [];
  const lock = (tools: GuardTools): Lock =>
    lockOf(tools, (deadlineMs) => {
      waitsMs.push(deadlineMs - performance.now());
      return Promise.resolve(null);
    });
  await world.shop({ rehearsal: 40, lockWaitMs: 8000, parts: { lock } });
  expect(waitsMs.length).toBeGreaterThanOrEqual(40);
  expect(Math.max(...waitsMs)).toBeLessThan(1000);
});

it("a rehearsal forgets its products when the last sale is over, also when one fails", async () => {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const happened: string[] = [];
  const lock = (tools: GuardTools): Lock =>
    lockOf(tools, async () => {
      happened.push("asked");
      if (happened.length === 1) throw new Unavailable("redis: away");
      await gate;
      happened.push("done");
      return null;
    });
  const stock = (tools: GuardTools): ReturnType<typeof soundParts.stock> => {
    const sound = soundParts.stock(tools);
    sound.forget = () => {
      happened.push("forgotten");
      return Promise.resolve();
    };
    return sound;
  };
  const opening = world.shop({ rehearsal: 50, parts: { lock, stock } });
  await until("all have asked", () => happened.length >= 50);
  // Whoever forgets too early does so by now.
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  await opening;
  expect(happened.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => "asked"));
  const over = happened.indexOf("forgotten");
  expect(happened.slice(over).every((what) => what === "forgotten")).toBe(true);
  expect(happened.slice(50, over)).toEqual(Array.from({ length: 49 }, () => "done"));
});
