import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RedisNodes } from "../../src/server/redis/redis-nodes.ts";
import { script } from "../../src/server/redis/script.ts";
import { buy, stampede, tally } from "./support/buyers.ts";
import { type SlowLink, startSlowLink } from "./support/slow-link.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
let links: SlowLink[];
beforeEach(async () => {
  world = await createWorld(2);
  links = await Promise.all(world.nodes.map(({ port }) => startSlowLink(port)));
});
afterEach(async () => {
  await world.end();
  await Promise.all(links.map((link) => link.end()));
});

const urls = (): [string, ...string[]] => {
  const [first, ...others] = links.map(({ url }) => url);
  return [first ?? "", ...others];
};

function slow(places: readonly number[], delayMs: number): void {
  for (const place of places) if (links[place] !== undefined) links[place].delayMs = delayMs;
}

const metrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe("a node that answers late", () => {
  let nodes: RedisNodes;
  beforeEach(async () => {
    nodes = new RedisNodes({ urls: urls(), log: () => undefined, limitMs: 20 });
    await Promise.all(nodes.all.map(({ client }) => client.ready()));
  });
  afterEach(() => nodes.close());

  it("was not away: nothing that was written meanwhile is to be repaired", async () => {
    const seen: string[] = [];
    nodes.onBack(() => seen.push("back"));
    nodes.onAnswering(() => seen.push("answering"));
    slow([2], 300);
    const WRITE = script("redis.call('SET', KEYS[1], 'x') return 'written'");
    const question = {
      script: WRITE,
      keys: ["k"],
      args: [],
      patient: true,
      good: (reply: unknown) => reply === "written",
    };
    const poll = await nodes.poll(question);
    expect(poll.good).toBe(2);
    await until("it owes an answer", () => !nodes.all[2]?.answers);
    await poll.complete;
    expect(poll.good).toBe(3);
    expect(seen[0]).toBe("answering");
    expect(seen).not.toContain("back");
  });

  it("can be asked again, but does not count for the quorum until it keeps time", async () => {
    slow([0, 1], 200);
    const late = (): Promise<unknown> =>
      Promise.allSettled(nodes.all.map((node) => node.ask((client) => client.ping())));
    await until("no quorum has answered in time for a while", async () => {
      await late();
      try {
        nodes.quorumAnswers();
        return false;
      } catch {
        return true;
      }
    });
    await until("all can be asked", () => nodes.answering === 3);
    expect(() => nodes.quorumAnswers()).toThrow("a quorum is 2");
    await expect(nodes.pingInTime()).rejects.toThrow("answer");
    slow([0, 1], 0);
    await until("a quorum answers in time, without being asked by anybody", () => {
      try {
        return nodes.quorumAnswers();
      } catch {
        return false;
      }
    });
    await nodes.pingInTime();
  });
});

describe("a quorum that is too slow", () => {
  it.each(["redlock-manual", "redlock-library"] as const)(
    "opens the breaker until it is quick again: %s",
    async (lock) => {
      const shop = {
        lock,
        lockTtlMs: 500,
        lockWaitMs: 60_000,
        breaker: { failures: 3, probeMs: 50 },
        redisUrls: urls(),
      };
      const { url } = await world.shop(shop);
      await world.seed({ "1": 100 });
      expect((await buy(url, "ann")).body).toMatchObject({ outcome: "sold", breaker: "closed" });
      slow([0, 1, 2], 500);
      expect(tally(await stampede([url], 5))).toEqual({ unavailable: 5 });
      const probed = /^shop_breaker_transitions_total\{to="half_open"\} [3-9]/m;
      await until("it has probed", async () => probed.test(await metrics(url)));
      expect(await metrics(url)).toContain('\nshop_breaker_transitions_total{to="closed"} 0\n');
      slow([0, 1, 2], 0);
      await until("it sells again", async () => (await buy(url, "bob")).status === 201);
    },
  );
});
