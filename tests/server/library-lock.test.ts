import { afterEach, beforeEach, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import { LibraryLock } from "../../src/server/locks/library-lock.ts";
import { LocalQueue } from "../../src/server/locks/local-queue.ts";
import type { Hold, Lock } from "../../src/server/locks/lock.ts";
import { QueuedLock } from "../../src/server/locks/queued-lock.ts";
import { Readings } from "../../src/server/quorum/readings.ts";
import { RepairsDue } from "../../src/server/quorum/repairs-due.ts";
import { Settler } from "../../src/server/quorum/settler.ts";
import { RELEASE } from "../../src/server/quorum/quorum-scripts.ts";
import type { RedisNodes } from "../../src/server/redis/redis-nodes.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { ledgerWith } from "./support/ledger.ts";
import { startSlowLink } from "./support/slow-link.ts";
import { until } from "./support/world.ts";

const NAME = "lock:stock:1";
const ALL = [0, 1, 2, 3, 4];
const inMs = (ms: number): number => performance.now() + ms;

let cluster: Cluster;
let locks: Lock[];
let tokens: number;
beforeEach(async () => {
  cluster = await startCluster(5);
  await cluster.set("stock:1", 7);
  locks = [];
  tokens = 0;
});
afterEach(async () => {
  for (const lock of locks) await lock.close();
  await cluster.end();
});

const ledger = ledgerWith();

/** As in a process of its own. */
async function replica(leaseMs = 5000, limitMs?: number): Promise<Lock> {
  return lockOf(await cluster.connect(limitMs), leaseMs);
}

function lockOf(nodes: RedisNodes, leaseMs: number): Lock {
  const readings = new Readings({ nodes, settler: new Settler(ledger), due: new RepairsDue() });
  const lock = new QueuedLock(
    new LibraryLock({ nodes, readings, background: new Background(() => undefined), leaseMs }),
    new LocalQueue(),
  );
  locks.push(lock);
  return lock;
}

const ask = (lock: Lock, waitMs = 20_000): Promise<Hold | null> =>
  lock.acquire(NAME, inMs(waitMs), `t:${String((tokens += 1))}`);

async function held(lock: Lock): Promise<Hold> {
  const hold = await ask(lock);
  if (hold === null) throw new Error("the lock was not obtained");
  return hold;
}

/** Many owners at two replicas, who must never meet. @returns how many there were, in which order */
async function visits(replicas: readonly Lock[], owners: number): Promise<number[]> {
  let inside = 0;
  const order: number[] = [];
  const visit = async (owner: number): Promise<void> => {
    const lock = replicas[owner % replicas.length];
    if (lock === undefined) return;
    const hold = await held(lock);
    inside += 1;
    expect(inside).toBe(1);
    await cluster.servers[0]?.client.ping();
    order.push(owner);
    inside -= 1;
    await lock.release(hold);
  };
  await Promise.all(Array.from({ length: owners }, (_, owner) => visit(owner)));
  return order;
}

it("the library's lock is the key that everybody knows, with its owner's token, on every node until it is released", async () => {
  const lock = await replica();
  const hold = await held(lock);
  expect(hold).toMatchObject({ token: "t:1", guarded: 7, fencingToken: 1 });
  await until("all have granted it", async () => (await cluster.read(NAME, ALL)).every((value) => value === "t:1"));
  await lock.release(hold);
  expect(await cluster.read(NAME, ALL)).toEqual(Array.from(ALL, () => null));
});

it("the library lets one in at a time, also with two of five nodes dead, and in the order of a replica's arrivals", async () => {
  const replicas = [await replica(), await replica()];
  await visits(replicas, 10);
  cluster.signal([3, 4], "SIGKILL");
  const order = await visits(replicas, 30);
  for (const place of [0, 1]) {
    const own = order.filter((owner) => owner % 2 === place);
    expect(own).toEqual(own.toSorted((one, other) => one - other));
  }
  expect(order).toHaveLength(30);
});

it("two frozen nodes keep nobody from the library's lock, and are released, too, when they wake up", async () => {
  const lock = await replica(60_000);
  cluster.signal([0, 4], "SIGSTOP");
  const hold = await held(lock);
  await lock.release(hold);
  cluster.signal([0, 4], "SIGCONT");
  await until("nobody holds the lock", async () => (await cluster.read(NAME, ALL)).every((value) => value === null));
  await lock.release(await held(lock));
});

it("nobody waits for a slow node when a quorum has granted the library's lock", async () => {
  const [first, ...others] = cluster.urls;
  const wire = await startSlowLink(Number(new URL(first).port), 400);
  const nodes = await cluster.connect(5000, [wire.url, ...others]);
  const lock = lockOf(nodes, 60_000);
  let slowHasAnswered = false;
  const slow = nodes.first.ping().then(() => (slowHasAnswered = true));
  const hold = await held(lock);
  expect(slowHasAnswered).toBe(false);
  await slow;
  await lock.release(hold);
  expect(await cluster.read(NAME, ALL)).toEqual(Array.from(ALL, () => null));
  nodes.close();
  await wire.end();
});

it("a node gives the library's lock back over the next connection when one is lost with the release", async () => {
  const lock = await replica(60_000);
  const hold = await held(lock);
  await until("all have granted it", async () => (await cluster.read(NAME, ALL)).every((value) => value === "t:1"));
  // For longer than a node may be silent: the connection is dropped, and with it what was sent over it.
  await cluster.servers[2]?.client.call("CLIENT", "PAUSE", "1500", "ALL");
  await lock.release(hold);
  await until("nobody holds the lock", async () => (await cluster.read(NAME, ALL)).every((value) => value === null));
});

it("nodes know beforehand how the library's lock is given up late: the script itself would come too late", async () => {
  await replica();
  for (const { client } of cluster.servers) {
    await until("it is known", async () => String(await client.script("EXISTS", RELEASE.sha)) === "1");
  }
});

it.each(["SIGKILL", "SIGSTOP"] as const)(
  "with three of five nodes gone by %s the library's lock is unavailable",
  async (signal) => {
    const lock = await replica();
    cluster.signal([0, 1, 2], signal);
    await expect(ask(lock, 60_000)).rejects.toThrow("a quorum is 3");
    cluster.signal([3, 4], "SIGCONT");
    expect(await cluster.read(NAME, [3, 4])).toEqual([null, null]);
    if (signal === "SIGSTOP") cluster.signal([0, 1, 2], "SIGCONT");
  },
);

it("a lock that slow nodes granted when its lease was over is not taken for one", async () => {
  const lock = await replica(300, 5000);
  for (const { client } of cluster.servers.slice(0, 3)) await client.call("CLIENT", "PAUSE", "600", "ALL");
  const hold = await held(lock);
  expect(hold.expiresAtMs).toBeGreaterThan(performance.now());
});

it("fencing tokens rise with every grant of the library's lock, whichever nodes are there", async () => {
  const lock = await replica();
  const tokens: (number | null)[] = [];
  for (const [sleeping, awake] of [
    [0, 4],
    [1, 0],
    [2, 1],
  ] as const) {
    cluster.signal([awake], "SIGCONT");
    cluster.signal([sleeping], "SIGSTOP");
    const hold = await held(lock);
    tokens.push(hold.fencingToken);
    await lock.release(hold);
  }
  cluster.signal([2], "SIGCONT");
  expect(tokens).toEqual([...new Set(tokens)].toSorted((one, other) => Number(one) - Number(other)));
  expect(tokens).toHaveLength(3);
});

it("the library's lock is no lock where most nodes have lost what it guards", async () => {
  const lock = await replica();
  for (const { client } of cluster.servers.slice(0, 3)) await client.flushall();
  expect(await ask(lock, 50)).toBeNull();
  expect(await cluster.read(NAME, ALL)).toEqual(Array.from(ALL, () => null));
});

it("who waits for the library's lock gets none when his time is up, and is turned away when it is closed", async () => {
  const [owner, other] = [await replica(), await replica()];
  await held(owner);
  expect(await ask(owner, 20)).toBeNull();
  expect(await ask(other, 20)).toBeNull();
  const waiting = [ask(owner), ask(other), ask(other)];
  await owner.close();
  await other.close();
  expect(await Promise.all(waiting)).toEqual([null, null, null]);
});
