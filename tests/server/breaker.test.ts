import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import { Breaker } from "../../src/server/breaker/breaker.ts";
import { BreakerLock } from "../../src/server/breaker/breaker-lock.ts";
import { tellBreaker } from "../../src/server/breaker/tell-breaker.ts";
import type { Hold, Lock } from "../../src/server/locks/lock.ts";
import { LocalQueue } from "../../src/server/locks/local-queue.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { until } from "./support/world.ts";

const GRANT = { token: "t", fencingToken: 1, expiresAtMs: Infinity };

/** A lock over nodes that are there, or not. */
class NodesLock implements Lock {
  readonly queue = new LocalQueue();
  readonly released: Hold[] = [];
  away = false;
  seen = false;
  asked = 0;
  /** What happens between the grant and its news. */
  pause: () => Promise<void> = () => Promise.resolve();

  async acquire(name: string, deadlineMs: number): Promise<Hold | null> {
    const leave = await this.queue.enter(name, deadlineMs);
    if (leave === null) return null;
    this.asked += 1;
    try {
      const away = this.away;
      await this.pause();
      if (this.seen) return { ...GRANT, name, grantedAtNs: process.hrtime.bigint(), seenOnly: true };
      if (away) throw new Unavailable("no quorum");
      return { ...GRANT, name, grantedAtNs: process.hrtime.bigint() };
    } finally {
      leave();
    }
  }

  turnAway(): void {
    this.queue.turnAway();
  }

  release(hold: Hold): Promise<void> {
    this.released.push(hold);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.queue.close();
    return Promise.resolve();
  }
}
let nodes: NodesLock;
let breaker: Breaker;
let lock: BreakerLock;
let states: string[];
const patience = (): number => performance.now() + 60_000;
const acquire = (name = "lock"): Promise<Hold | null> => lock.acquire(name, patience(), "t");

function build(probeMs: number): void {
  nodes = new NodesLock();
  const probe = (): Promise<void> => (nodes.away ? Promise.reject(new Error("no quorum")) : Promise.resolve());
  breaker = new Breaker({ failures: 3, probeMs, probe });
  states = [];
  breaker.onChange(({ state }) => states.push(state));
  lock = new BreakerLock(nodes, breaker, new Background(() => undefined));
}

async function fail(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await expect(acquire()).rejects.toThrow("no quorum");
}

beforeEach(() => build(60_000));
afterEach(() => breaker.stop());

describe("a breaker", () => {
  it("opens after so many failures in a row, and not earlier", async () => {
    nodes.away = true;
    await fail(2);
    expect(breaker.reading.state).toBe("closed");
    await fail(1);
    expect(breaker.reading.state).toBe("open");
  });

  it("begins to count anew after a success", async () => {
    nodes.away = true;
    await fail(2);
    nodes.away = false;
    expect(await acquire()).not.toBeNull();
    nodes.away = true;
    await fail(2);
    expect(breaker.reading.state).toBe("closed");
  });

  it("learns nothing from somebody whose time ran out", async () => {
    nodes.away = true;
    await fail(2);
    const leave = await nodes.queue.enter("busy", patience());
    expect(await lock.acquire("busy", performance.now(), "t")).toBeNull();
    leave?.();
    await fail(1);
    expect(breaker.reading.state).toBe("open");
  });

  it("learns nothing from somebody who was only told what others saw", async () => {
    nodes.away = true;
    await fail(2);
    nodes.seen = true;
    expect(await acquire()).toMatchObject({ seenOnly: true });
    nodes.seen = false;
    await fail(1);
    expect(breaker.reading.state).toBe("open");
  });

  it("does not open when the work fails for another reason", async () => {
    nodes.pause = () => Promise.reject(new Error("a fault of the program"));
    for (let time = 0; time < 5; time += 1) await expect(acquire()).rejects.toThrow("a fault of the program");
    expect(breaker.reading.state).toBe("closed");
  });

  it("asks nobody while it is open", async () => {
    nodes.away = true;
    await fail(3);
    nodes.away = false;
    await expect(acquire()).rejects.toThrow("the circuit breaker is open");
    expect(nodes.asked).toBe(3);
  });

  it("turns away those who wait when it opens", async () => {
    nodes.away = true;
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => acquire()));
    expect(all.filter(({ status }) => status === "fulfilled")).toEqual([]);
    // Whoever was let in while the third failure was on its way has asked, too.
    expect(nodes.asked).toBeLessThan(10);
  });

  it("probes by itself, and closes when a quorum answers", async () => {
    build(5);
    nodes.away = true;
    await fail(3);
    await until("it has probed twice in vain", () => states.length >= 5);
    nodes.away = false;
    await until("it is closed", () => breaker.reading.state === "closed");
    expect(states.slice(0, 5)).toEqual(["open", "half_open", "open", "half_open", "open"]);
    expect(states.slice(-3)).toEqual(["open", "half_open", "closed"]);
    expect(await acquire()).not.toBeNull();
  });

  it("probes no more when it is stopped", async () => {
    build(5);
    nodes.away = true;
    await fail(3);
    breaker.stop();
    const [stopped, its] = [breaker, states];
    build(5);
    nodes.away = true;
    await fail(3);
    await until("another one, opened later, has probed twice", () => states.length >= 5);
    expect(its).toEqual(["open"]);
    expect(stopped.reading.state).toBe("open");
  });
});

describe("a lock behind a breaker", () => {
  it("gives up what was granted only after it had opened", async () => {
    let granted = (): void => undefined;
    nodes.pause = () => new Promise((resolve) => (granted = resolve));
    const slow = acquire("slow");
    await until("it is on its way", () => nodes.asked === 1);
    nodes.pause = () => Promise.resolve();
    nodes.away = true;
    await fail(3);
    granted();
    await expect(slow).rejects.toThrow("the circuit breaker is open");
    expect(nodes.released).toMatchObject([{ name: "slow" }]);
  });

  it("gives up what was granted while it opened and closed again", async () => {
    build(5);
    let granted = (): void => undefined;
    nodes.pause = () => new Promise((resolve) => (granted = resolve));
    const slow = acquire("slow");
    await until("it is on its way", () => nodes.asked === 1);
    nodes.pause = () => Promise.resolve();
    nodes.away = true;
    await fail(3);
    nodes.away = false;
    await until("it is closed", () => breaker.reading.state === "closed");
    granted();
    await expect(slow).rejects.toThrow("the circuit breaker was open meanwhile");
    expect(nodes.released).toHaveLength(1);
  });

  it("leaves alone who holds a lock already", async () => {
    const hold = await acquire();
    nodes.away = true;
    await fail(3);
    expect(nodes.released).toEqual([]);
    if (hold !== null) await lock.release(hold);
    expect(nodes.released).toEqual([hold]);
  });
});

describe("an answer", () => {
  const answer = (status: number, body: Record<string, unknown>) => tellBreaker({ status, body }, 5n, breaker).body;
  const told = () => ({ breaker: breaker.reading.state, breakerSinceNs: String(breaker.reading.sinceNs) });

  it("tells the state of the breaker at the grant, whatever it is by now", async () => {
    const before = told();
    const hold = await acquire();
    nodes.away = true;
    await fail(3);
    const body = { outcome: "sold", arrivedAtNs: "5", grantedAtNs: String(hold?.grantedAtNs) };
    expect(answer(201, body)).toEqual({ ...body, ...before });
    expect(before.breaker).toBe("closed");
  });

  it("tells the state of now, and when to come back, where nothing was granted", async () => {
    nodes.away = true;
    await fail(3);
    const refusal = { status: 503, body: { outcome: "unavailable", arrivedAtNs: "5" } };
    expect(tellBreaker(refusal, 5n, breaker)).toEqual({
      status: 503,
      headers: { "retry-after": "60" },
      body: { ...refusal.body, ...told() },
    });
    expect(told().breaker).toBe("open");
  });

  it("says nothing of the breaker when an earlier sale is told again", () => {
    const body = { outcome: "sold", arrivedAtNs: "4", grantedAtNs: "4" };
    expect(answer(201, body)).toEqual(body);
  });
});
