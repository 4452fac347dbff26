import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { soundParts } from "../../src/server/parts.ts";
import { RepairsDue } from "../../src/server/quorum/repairs-due.ts";
import { startShop } from "../../src/server/shop.ts";
import { buy } from "./support/buyers.ts";
import { startSlowLink } from "./support/slow-link.ts";
import { createWorld, until, type World } from "./support/world.ts";

const lock = "redlock-manual";

describe("the repairer", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(2);
  });
  afterEach(() => world.end());
  const read = (key: string): Promise<(string | null)[]> =>
    Promise.all(world.nodes.map(({ client }) => client.get(key)));
  const set = async (places: readonly number[], ...pairs: string[]): Promise<void> => {
    for (const place of places) await world.nodes[place]?.client.mset(...pairs);
  };
  /** The node loses all its connections but ours. */
  const hangUp = (place: number) =>
    world.nodes[place]?.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  const untilAllSay = (units: string): Promise<void> =>
    until(`all say ${units}`, async () => (await read("stock:1")).every((said) => said === units));
  /** Does something with a shop of five units, to which the way to the last node takes so long. */
  const behindSlowLink = async (delayMs: number, work: () => Promise<void>): Promise<void> => {
    const links = await Promise.all(
      world.nodes.map(({ port }, place) => startSlowLink(port, place === 2 ? delayMs : 0)),
    );
    try {
      const [first = "", ...others] = links.map(({ url }) => url);
      await world.shop({ lock, redisUrls: [first, ...others] });
      await world.seed({ "1": 5 });
      await work();
    } finally {
      await Promise.all(links.map((link) => link.end()));
    }
  };

  it("opens the shop when a quorum is right, and goes on with a node that refuses until it takes it", async () => {
    await world.shop({ lock });
    await world.seed({ "1": 5 });
    const refusing = world.nodes[2]?.client;
    await refusing?.set("stock:1", 4);
    await refusing?.config("SET", "min-replicas-to-write", "1");
    process.kill(world.redis.pid, "SIGSTOP");
    const shop = await startShop(soundParts, world.config({ lock }), () => undefined);
    try {
      const up = /node_up\{node="redis1"\} 1\n.*node_up\{node="redis2"\} 1\n/;
      await until("it sees the other two", async () => up.test(await (await fetch(`${shop.url}/metrics`)).text()));
      process.kill(world.redis.pid, "SIGCONT");
      await until("it is open", async () => (await fetch(`${shop.url}/health`)).status === 200);
      expect((await buy(shop.url, "ann")).body).toMatchObject({ outcome: "sold", remaining: 4 });
      expect((await buy(shop.url, "bob")).body).toMatchObject({ outcome: "sold", remaining: 3 });
      expect((await read("version:1")).slice(2)).toEqual([null]);
      await refusing?.config("SET", "min-replicas-to-write", "0");
      await untilAllSay("3");
    } finally {
      await shop.stop();
    }
  });

  it("keeps the lock no longer than until a quorum has written", async () => {
    await behindSlowLink(500, async () => {
      await set([0, 1], "stock:1", "3", "version:1", "4 0 dead-1 2");
      await hangUp(0);
      let late: string | null | undefined;
      await until("a quorum is repaired, and free", async () => {
        const [units, owners, records] = await Promise.all([read("stock:1"), read("lock:stock:1"), read("version:1")]);
        late = records[2];
        return [0, 1].every((place) => units[place] === "5" && owners[place] === null);
      });
      expect(late).toBeNull();
      await untilAllSay("5");
      await until("all have the same record", async () => new Set(await read("version:1")).size === 1);
    });
  });

  it("sees what a slow node holds, and puts it right", async () => {
    await behindSlowLink(300, async () => {
      await set([2], "stock:1", "3", "version:1", "4 0 dead-1 2");
      await hangUp(2);
      await untilAllSay("5");
    });
  });

  it("writes with a version above that of a node which has not granted it the lock", async () => {
    await world.shop({ lock });
    await world.seed({ "1": 5 });
    await set([2], "stock:1", "3", "version:1", "50 0 dead-1 2", "quarantine:lock:stock:1", "somebody");
    await world.shop({ lock });
    await untilAllSay("5");
    const versions = (await read("version:1")).map((record) => Number(record?.split(" ")[0]));
    expect(versions.every((version) => version > 50)).toBe(true);
  });
});

describe("a repair that failed", () => {
  let due: RepairsDue;
  let told: number;
  beforeEach(() => {
    due = new RepairsDue();
    told = 0;
    due.onDue(() => (told += 1));
  });
  afterEach(() => due.stop());

  it("is not due again at once, also when it is asked for again, but later by itself", async () => {
    due.failed("1");
    due.add("1");
    expect([due.any, due.next(), told]).toEqual([false, undefined, 0]);
    await until("it is due", () => due.any);
    expect([due.next(), told]).toEqual(["1", 1]);
  });

  it("keeps no other waiting", () => {
    due.failed("1");
    due.add("2");
    expect([due.next(), due.next(), told]).toEqual(["2", undefined, 1]);
  });

  it("is tried again the later, the more often it failed", async () => {
    for (let times = 0; times < 5; times += 1) due.failed("often");
    due.failed("once");
    await until("the first is due", () => due.any);
    expect([due.next(), due.next()]).toEqual(["once", undefined]);
    due.repaired("often");
    due.failed("often");
    await until("it is due, and forgiven", () => due.any);
    expect(due.next()).toBe("often");
  });

  it("is due at once when a node has come back", () => {
    for (let times = 0; times < 5; times += 1) due.failed("1");
    due.hurry();
    expect([due.next(), due.next()]).toEqual(["1", undefined]);
  });
});
