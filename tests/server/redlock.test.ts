import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import type { Hold } from "../../src/server/locks/lock.ts";
import { Redlock, validityMs } from "../../src/server/locks/redlock.ts";
import { QuorumWriter } from "../../src/server/quorum/quorum-writer.ts";
import { Readings } from "../../src/server/quorum/readings.ts";
import { RepairsDue } from "../../src/server/quorum/repairs-due.ts";
import { Settler } from "../../src/server/quorum/settler.ts";
import { parseRecord } from "../../src/server/quorum/stock-record.ts";
import { nodeLimitMs, RedisNodes } from "../../src/server/redis/redis-nodes.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { ledgerWith } from "./support/ledger.ts";
import { until } from "./support/world.ts";

const NAME = "lock:stock:1";
const silent = (): void => undefined;
const inMs = (ms: number): number => performance.now() + ms;

let servers: TestRedis[];
let nodes: RedisNodes;

beforeEach(async () => {
  servers = await Promise.all([startRedis(), startRedis(), startRedis()]);
  const [first = "", ...others] = servers.map(({ url }) => url);
  nodes = new RedisNodes({ urls: [first, ...others], log: silent, limitMs: nodeLimitMs(5000) });
  await Promise.all(nodes.all.map(({ client }) => client.ready()));
  for (const { client } of servers) await client.set("stock:1", 9);
});
afterEach(async () => {
  nodes.close();
  await Promise.all(servers.map((server) => server.stop()));
});

function redlock(leaseMs = 5000): Redlock {
  const readings = new Readings({ nodes, settler: new Settler(ledgerWith()), due: new RepairsDue() });
  return new Redlock({ nodes, readings, background: new Background(silent), leaseMs });
}

async function held(lock: Redlock, token: string): Promise<Hold> {
  const hold = await lock.acquire(NAME, inMs(8000), token);
  if (hold === null) throw new Error("the lock was not obtained");
  return hold;
}

async function commandsOf(node: Redis | undefined): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec((await node?.info("stats")) ?? "")?.[1]);
}

/** How often a node has executed a command, by `INFO commandstats`. */
function callsOf(stats: string | undefined, command: string): number {
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats ?? "")?.[1] ?? 0);
}

function owners(): Promise<(string | null)[]> {
  return Promise.all(servers.map(({ client }) => client.get(NAME)));
}

describe("a redlock", () => {
  it("is held on all nodes, and gone from all of them afterwards", async () => {
    const lock = redlock();
    const hold = await held(lock, "a:1");
    await until("all nodes have granted", async () => (await owners()).every((owner) => owner === "a:1"));
    expect([hold.guarded, hold.fencingToken]).toEqual([9, 1]);
    await lock.release(hold);
    expect(await owners()).toEqual([null, null, null]);
    expect((await held(lock, "a:2")).fencingToken).toBe(2);
  });

  it("is not granted by a minority, and what that granted is given back", async () => {
    const lock = redlock(60_000);
    for (const { client } of servers.slice(1)) await client.set(NAME, "somebody:1", "PX", 60_000);
    expect(await lock.acquire(NAME, inMs(30), "a:1")).toBeNull();
    await until("the first node is free", async () => (await owners())[0] === null);
    expect((await owners()).slice(1)).toEqual(["somebody:1", "somebody:1"]);
  });

  it("is not asked for again while another owner is seen on one node, and had when he is gone", async () => {
    const lock = redlock(60_000);
    const hold = await held(lock, "a:1");
    await until("all nodes have granted", async () => (await owners()).every((owner) => owner === "a:1"));
    const next = held(redlock(60_000), "b:1");
    const looks = async (): Promise<number> => callsOf(await servers[0]?.client.info("commandstats"), "get");
    const before = await looks();
    await until("five looks", async () => (await looks()) - before >= 5);
    const stats = await Promise.all(servers.map(({ client }) => client.info("commandstats")));
    // The owner's try on each node, the next one's, and his giving up.
    for (const node of stats) expect(callsOf(node, "evalsha")).toBeLessThanOrEqual(3);
    await lock.release(hold);
    expect((await next).token).toBe("b:1");
  });

  it("is given back also by a node that was frozen when it was asked", async () => {
    const lock = redlock(60_000);
    const [first, , frozen] = servers;
    await first?.client.set(NAME, "somebody:1", "PX", 60_000);
    process.kill(frozen?.pid ?? 0, "SIGSTOP");
    expect(await lock.acquire(NAME, inMs(150), "a:1")).toBeNull();
    process.kill(frozen?.pid ?? 0, "SIGCONT");
    await until("it is free", async () => (await owners()).slice(1).every((owner) => owner === null));
  });

  it("holds for less than its lease, counted from before it was asked for", async () => {
    const askedAtMs = performance.now();
    const { expiresAtMs } = await held(redlock(2000), "a:1");
    expect(validityMs(2000)).toBe(1978);
    expect(expiresAtMs - askedAtMs).toBeGreaterThanOrEqual(1978);
    expect(expiresAtMs - performance.now()).toBeLessThan(1978);
  });

  it("is not given back over and over to a node that refuses", async () => {
    const lock = redlock();
    const hold = await held(lock, "a:1");
    await until("all nodes have granted", async () => (await owners()).every((owner) => owner === "a:1"));
    const refusing = servers[2]?.client;
    await refusing?.config("SET", "min-replicas-to-write", 1);
    const before = await commandsOf(refusing);
    await lock.release(hold).catch(silent);
    expect(await owners()).toEqual([null, null, "a:1"]);
    expect((await commandsOf(refusing)) - before).toBeLessThan(10);
  });

  it("is given back over the next connection when one is lost with the release", async () => {
    const lock = redlock(60_000);
    const hold = await held(lock, "a:1");
    await until("all nodes have granted", async () => (await owners()).every((owner) => owner === "a:1"));
    // For longer than a node may be silent: the connection is dropped, and with it what was sent over it.
    await servers[2]?.client.call("CLIENT", "PAUSE", "1500", "ALL");
    await lock.release(hold);
    expect(await owners()).toEqual([null, null, null]);
  });

  it("is granted by nodes that have forgotten its scripts", async () => {
    const lock = redlock();
    for (const { client } of servers) await client.script("FLUSH");
    const hold = await held(lock, "a:1");
    for (const { client } of servers) await client.script("FLUSH");
    await lock.release(hold);
    await until("all are released", async () => (await owners()).every((owner) => owner === null));
  });

  it("is not granted by nodes without the stock, nor by those that may have forgotten an owner", async () => {
    const lock = redlock();
    await servers[0]?.client.del("stock:1");
    await servers[1]?.client.set(`quarantine:${NAME}`, "a", "PX", 60_000);
    expect(await lock.acquire(NAME, inMs(30), "a:1")).toBeNull();
    await servers[1]?.client.del(`quarantine:${NAME}`);
    await held(lock, "a:2");
    expect((await owners())[0]).toBeNull();
  });

  it("hands out a token above everything that a majority has heard of", async () => {
    await servers[0]?.client.set(`fence:${NAME}`, 41);
    await servers[1]?.client.set(`fence:${NAME}`, 41);
    expect((await held(redlock(), "a:1")).fencingToken).toBe(42);
  });
});

describe("a node", () => {
  const write = async (token: string, record: string, records: string[] = []): Promise<readonly unknown[]> => {
    const lines = [{ product: "1", units: 5, record: parseRecord(record), records }];
    const poll = await new QuorumWriter(nodes).write({ token, lines, quarantineMs: 0 });
    await poll.complete;
    return poll.replies;
  };
  const all = (reply: string): string[] => [reply, reply, reply];

  it("refuses who does not know what it knows", async () => {
    expect(await write("a:1", "5 0 a-1 4")).toEqual(all("written"));
    expect(await write("b:1", "7 4 b-1 1")).toEqual(all("stale"));
    expect(await write("b:1", "7 5 b-1 1")).toEqual(all("written"));
  });

  it("takes a write over a sale that its writer has settled, and only there", async () => {
    expect(await write("a:1", "5 0 a-1 4")).toEqual(all("written"));
    expect(await write("b:1", "6 0 b-1 1", ["5 0 a-1 4", "5 0 a-2 4"])).toEqual(["written", "stale", "stale"]);
  });

  it("refuses who is not the owner while somebody else is", async () => {
    await servers[1]?.client.set(NAME, "b:1", "PX", 60_000);
    expect(await write("a:1", "5 0 a-1 4")).toEqual(["written", "not_owner", "written"]);
  });
});

describe("of what several nodes know", () => {
  const seen = (units: number, record: string) => ({ units, record: parseRecord(record) });

  it("the last sale in the ledger holds, and not a later version that came to nothing", () => {
    const nodesSay = [seen(6, "5 4 y-1 2"), seen(7, "7 4 z-1 1")];
    expect(new Settler(ledgerWith("y-1")).settle("1", nodesSay)).toEqual({ units: 6, basis: 5, differs: true });
  });

  it("of two sales of one version the one in the ledger holds", () => {
    const nodesSay = [seen(7, "5 4 y-1 1"), seen(6, "5 4 z-1 2")];
    expect(new Settler(ledgerWith("z-1")).settle("1", nodesSay)).toMatchObject({ units: 6, basis: 5 });
    expect(new Settler(ledgerWith()).settle("1", nodesSay)).toMatchObject({ units: 8, basis: 4 });
  });

  it("what this process has sold last is known without asking the database", () => {
    const asked: string[] = [];
    const ledger = {
      ...ledgerWith(),
      lastWritten: (product: string) => (product === "1" ? "y-1" : undefined),
      voidUnlessRecorded: (sales: readonly string[]) => {
        asked.push(...sales);
        return new Set<string>();
      },
    };
    const settler = new Settler(ledger);
    expect(settler.settle("1", [seen(6, "5 4 y-1 2"), seen(6, "5 4 y-1 2")])).toMatchObject({ units: 6, basis: 5 });
    expect(asked).toEqual([]);
    const other = [seen(6, "5 4 y-1 2"), seen(5, "6 5 z-1 1")];
    expect(settler.settle("1", other)).toEqual({ units: 6, basis: 5, differs: true });
    expect(asked).toEqual(["z-1"]);
    settler.settle("2", [seen(6, "5 4 y-1 2")]);
    expect(asked).toEqual(["z-1", "y-1"]);
  });

  it("the ledger holds where all of them have lost a sale, or the fence has been moved", () => {
    const standing = () => ({ stock: 3, fence: 7 });
    const settle = (record: string) =>
      new Settler({ ...ledgerWith("y-1"), standing }).settle("1", [seen(6, record), seen(7, "2 1 x-1 1")]);
    expect(settle("5 4 y-1 2")).toEqual({ units: 3, basis: 7, differs: true });
    expect(settle("7 4 y-1 2")).toEqual({ units: 6, basis: 7, differs: true });
    expect(settle("8 4 z-1 2")).toEqual({ units: 3, basis: 7, differs: true });
  });

  it("a node that was only seeded counts as the beginning", () => {
    expect(new Settler(ledgerWith()).settle("1", [seen(9, "")])).toEqual({ units: 9, basis: 0, differs: false });
  });
});
