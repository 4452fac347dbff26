import { afterEach, beforeEach, expect, it } from "vitest";
import { soundParts } from "../../src/server/parts.ts";
import { startShop } from "../../src/server/shop.ts";
import { createWorld, until, type World } from "./support/world.ts";

const OPEN = "the shop is open";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

it("a shop that is stopped before Redis was there waits for it no more", async () => {
  process.kill(world.redis.pid, "SIGKILL");
  await until("it is gone", () => world.redis.client.status !== "ready");
  const log: string[] = [];
  const shop = await startShop(soundParts, world.config(), (line) => log.push(line));
  let opened = false;
  void shop.opened.then(() => (opened = true));
  await shop.stop();
  await until("its opening has ended", () => opened);
  expect(log).not.toContain(OPEN);
});

it("a shop logs that it is open, after whatever kept it from that", async () => {
  const log: string[] = [];
  const shop = await startShop(soundParts, world.config(), (line) => log.push(line));
  await shop.opened;
  expect(log.at(-1)).toBe(OPEN);
  await shop.stop();
});
