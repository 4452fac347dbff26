import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import { FifoLock } from "../../src/server/locks/fifo-lock.ts";
import type { Hold, Lock } from "../../src/server/locks/lock.ts";
import { NoLock } from "../../src/server/locks/no-lock.ts";
import { SpinLock } from "../../src/server/locks/spin-lock.ts";
import { Instance } from "../../src/server/redis/instance.ts";
import { guardedKey } from "../../src/server/redis/keys.ts";
import { RedisClient } from "../../src/server/redis/redis-client.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { until } from "./support/world.ts";

const NAME = "lock:stock:1";
const silent = (): void => undefined;
const inMs = (ms: number): number => performance.now() + ms;

type TestLock = Pick<Lock, "release" | "close"> & {
  acquire(name: string, deadlineMs: number): Promise<Hold | null>;
};

/** One server's view of the lock: connections of its own, as in a process of its own. */
interface Replica {
  /** Each of its owners has a token of its own. */
  readonly lock: TestLock;
  readonly instance: Instance;
  /** What a SIGKILL leaves: every connection is gone and nobody said good-bye. */
  die(): void;
}

let redis: TestRedis;
let replicas: Replica[];

beforeEach(async () => {
  redis = await startRedis();
  replicas = [];
});
afterEach(async () => {
  for (const replica of replicas) {
    await replica.lock.close();
    replica.die();
  }
  await redis.stop();
});

async function replica(kind: typeof FifoLock | typeof SpinLock, leaseMs = 5000): Promise<Replica> {
  const client = new RedisClient(redis.url, silent);
  const instance = new Instance(redis.url, silent);
  await Promise.all([client.ready(), instance.ready()]);
  const inner = new kind({ client, instance, background: new Background(silent), guards: guardedKey, leaseMs });
  const lock = {
    acquire: (name: string, deadlineMs: number) => inner.acquire(name, deadlineMs, instance.nextToken()),
    release: (hold: Hold) => inner.release(hold),
    close: () => inner.close(),
  };
  const die = (): void => {
    client.close();
    instance.close();
  };
  const made = { lock, instance, die };
  replicas.push(made);
  return made;
}

async function held(lock: TestLock, waitMs = 8000): Promise<Hold> {
  const hold = await lock.acquire(NAME, inMs(waitMs));
  if (hold === null) throw new Error("the lock was not obtained");
  return hold;
}

function queueLength(): Promise<number> {
  return redis.client.llen(`queue:${NAME}`);
}

/** Lost updates of a plain counter, read and written in two steps under the lock. */
async function countTo(locks: readonly TestLock[], times: number): Promise<number> {
  const add = async (lock: TestLock): Promise<void> => {
    const hold = await held(lock);
    const before = Number(await redis.client.get("counter"));
    await redis.client.set("counter", before + 1);
    await lock.release(hold);
  };
  const turns = Array.from({ length: times }, (_, n) => locks[n % locks.length]).filter((lock) => lock !== undefined);
  await Promise.all(turns.map(add));
  return Number(await redis.client.get("counter"));
}

describe.each([
  ["fifo", FifoLock],
  ["spin", SpinLock],
] as const)("%s", (_, kind) => {
  it("lets one in at a time, over three replicas", async () => {
    const locks = [await replica(kind), await replica(kind), await replica(kind)].map(({ lock }) => lock);
    expect(await countTo(locks, 60)).toBe(60);
    expect(await redis.client.exists(NAME)).toBe(0);
  });

  it("shows the owner's token while it is held, and hands out rising fencing tokens", async () => {
    const { lock } = await replica(kind);
    const first = await held(lock);
    expect(await redis.client.get(NAME)).toBe(first.token);
    await lock.release(first);
    const second = await held(lock);
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken ?? Infinity);
  });

  it("does not release somebody else's lock", async () => {
    const { lock } = await replica(kind, 50);
    const late = await held(lock);
    await until("the lease has run out", async () => (await redis.client.exists(NAME)) === 0);
    const heir = await held((await replica(kind)).lock);
    await lock.release(late);
    expect(await redis.client.get(NAME)).toBe(heir.token);
  });

  it("gives up at the deadline", async () => {
    const { lock } = await replica(kind);
    await held(lock);
    expect(await lock.acquire(NAME, inMs(50))).toBeNull();
  });

  it("gets past an owner that died, when its lease ends", async () => {
    const owner = await replica(kind, 300);
    const survivor = await replica(kind);
    const dead = await held(owner.lock);
    const next = held(survivor.lock);
    owner.die();
    expect((await next).token).not.toBe(dead.token);
  });
});

it("none lets everybody in at once", async () => {
  const lock = new NoLock();
  expect(await countTo([lock], 20)).toBeLessThan(20);
});

describe("fifo", () => {
  it("serves in the order of arrival, over replicas", async () => {
    const locks = [await replica(FifoLock), await replica(FifoLock)].map(({ lock }) => lock);
    const first = await held((await replica(FifoLock)).lock);
    const served: number[] = [];
    const waiting: Promise<void>[] = [];
    for (let buyer = 0; buyer < 10; buyer += 1) {
      const lock = locks[buyer % 2] ?? new NoLock();
      const turn = held(lock).then((hold) => {
        served.push(buyer);
        return lock.release(hold);
      });
      waiting.push(turn);
      await until(`buyer ${String(buyer)} stands in the queue`, async () => (await queueLength()) === buyer + 1);
    }
    await replicas[2]?.lock.release(first);
    await Promise.all(waiting);
    expect(served).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("brings what the lock guards along with the grant", async () => {
    await redis.client.set(guardedKey(NAME), "7");
    const { lock } = await replica(FifoLock);
    const first = await held(lock);
    expect(first.guarded).toBe(7);
    const next = held(lock);
    await until("one waits", async () => (await queueLength()) === 1);
    await redis.client.set(guardedKey(NAME), "6");
    await lock.release(first);
    expect((await next).guarded).toBe(6);
    await redis.client.set(guardedKey(NAME), "plenty");
    await lock.release(await next);
    expect((await held(lock)).guarded).toBeUndefined();
  });

  it("tells those who wait in the same process together when nothing is left, and hands the lock to nobody of them", async () => {
    await redis.client.set(guardedKey(NAME), "1");
    const here = await replica(FifoLock);
    const there = await replica(FifoLock);
    const owner = await held(here.lock);
    const waiting = [held(here.lock), held(here.lock)];
    await until("two wait", async () => (await queueLength()) === 2);
    const elsewhere = held(there.lock);
    await until("three wait", async () => (await queueLength()) === 3);
    const behind = held(here.lock);
    await until("four wait", async () => (await queueLength()) === 4);
    await redis.client.set(guardedKey(NAME), "0");
    await here.lock.release(owner);
    const told = await Promise.all(waiting);
    expect(told).toMatchObject([
      { guarded: 0, seenOnly: true },
      { guarded: 0, seenOnly: true },
    ]);
    // The other process is handed the lock as ever, and the one behind it keeps its place.
    const heir = await elsewhere;
    expect(await redis.client.get(NAME)).toBe(heir.token);
    expect(heir.fencingToken).toBe((owner.fencingToken ?? Number.NaN) + 1);
    for (const hold of told) await here.lock.release(hold);
    expect(await redis.client.get(NAME)).toBe(heir.token);
    expect(await queueLength()).toBe(1);
    await there.lock.release(heir);
    expect((await behind).seenOnly).toBeUndefined();
  });

  it("skips waiters whose process has died", async () => {
    const [owner, mortal, survivor] = [await replica(FifoLock), await replica(FifoLock), await replica(FifoLock)];
    const hold = await held(owner.lock);
    const doomed = Promise.allSettled([held(mortal.lock), held(mortal.lock)]);
    await until("two wait", async () => (await queueLength()) === 2);
    const next = held(survivor.lock);
    await until("three wait", async () => (await queueLength()) === 3);
    mortal.die();
    await doomed;
    await until("Redis has noticed", async () => {
      const [, listeners] = await redis.client.pubsub("NUMSUB", `instance:${mortal.instance.id}`);
      return listeners === 0;
    });
    await owner.lock.release(hold);
    expect((await next).token.startsWith(survivor.instance.id)).toBe(true);
  });

  it("lets a waiter that gives up leave the queue", async () => {
    const { lock } = await replica(FifoLock);
    const hold = await held(lock);
    expect(await lock.acquire(NAME, inMs(30))).toBeNull();
    await until("the queue is empty", async () => (await queueLength()) === 0);
    await lock.release(hold);
    expect(await redis.client.exists(NAME)).toBe(0);
  });

  it("passes on a grant that nobody waits for any more", async () => {
    const { lock, instance } = await replica(FifoLock, 60_000);
    await redis.client.rpush(`queue:${NAME}`, `${instance.id}:gone`);
    const hold = await held(lock);
    expect(hold.token).not.toBe(`${instance.id}:gone`);
  });

  it("hands the lock to nobody whose heartbeat is old, so that a frozen process blocks only once", async () => {
    const [frozen, awake] = [await replica(FifoLock), await replica(FifoLock)];
    await redis.client.set(`instance:${frozen.instance.id}`, Date.now() - 60_000);
    const hold = await held(awake.lock);
    const asleep = [frozen.lock.acquire(NAME, inMs(8000)), frozen.lock.acquire(NAME, inMs(8000))];
    await until("two wait", async () => (await queueLength()) === 2);
    const next = held(awake.lock);
    await until("three wait", async () => (await queueLength()) === 3);
    await awake.lock.release(hold);
    expect((await next).token.startsWith(awake.instance.id)).toBe(true);
    expect(await Promise.all(asleep)).toEqual([null, null]);
  });

  it("tells those who wait when the connection is lost", async () => {
    const { lock } = await replica(FifoLock);
    await held(lock);
    // Expected before it happens: the rejection may come sooner than the answer to the kill.
    const told = expect(lock.acquire(NAME, inMs(8000))).rejects.toThrow("connection was lost");
    await until("one waits", async () => (await queueLength()) === 1);
    await redis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
    await told;
  });

  it("works on after Redis has forgotten its scripts", async () => {
    const { lock } = await replica(FifoLock);
    await lock.release(await held(lock));
    await redis.client.script("FLUSH");
    await lock.release(await held(lock));
    expect(await redis.client.exists(NAME)).toBe(0);
  });
});
