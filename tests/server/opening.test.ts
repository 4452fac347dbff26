import { afterEach, beforeEach, it } from "vitest";
import { soundParts } from "../../src/server/parts.ts";
import { startShop } from "../../src/server/shop.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

it("a shop that is stopped before Redis was there waits for it no more", async () => {
  process.kill(world.redis.pid, "SIGKILL");
  await until("it is gone", () => world.redis.client.status !== "ready");
  const shop = await startShop(soundParts, world.config(), () => undefined);
  let opened = false;
  void shop.opened.then(() => (opened = true));
  await shop.stop();
  await until("its opening has ended", () => opened);
});
