import type { Background } from "../background.ts";
import { channelOf, type Instance } from "../redis/instance.ts";
import { fenceKey, queueKey } from "../redis/keys.ts";
import type { RedisClient } from "../redis/redis-client.ts";
import type { Script } from "../redis/script.ts";
import { Unavailable } from "../unavailable.ts";
import { ACQUIRE, ADVANCE, BEAT, FIFO_SCRIPTS, LEAVE, RELEASE } from "./fifo-scripts.ts";
import { FifoWaiters, type Grant, parseGrant } from "./fifo-waiters.ts";
import { LeaseWatch } from "./lease-watch.ts";
import { type Hold, type Lock, sawNothing } from "./lock.ts";

export interface FifoTools {
  readonly client: RedisClient;
  readonly instance: Instance;
  readonly background: Background;
  /** The lease, in ms. */
  readonly leaseMs: number;
  /** The Redis key that a lock guards: it is read with the grant. */
  readonly guards: (lock: string) => string;
}

/**
 * First come, first served, over all replicas: the queue is in Redis, and
 * whoever releases the lock hands it to the next, who is told with the reply if
 * it is of the same process, otherwise on its instance's channel. Nobody polls.
 */
export class FifoLock implements Lock {
  readonly #tools: FifoTools;
  readonly #waiters = new FifoWaiters();
  readonly #watch: LeaseWatch;
  readonly #heart: NodeJS.Timeout;
  /** A process whose last heartbeat is older than this, in ms, is not handed the lock. */
  readonly #frozenMs: number;

  constructor(tools: FifoTools) {
    this.#tools = tools;
    this.#frozenMs = Math.max(tools.leaseMs, 1000);
    this.#watch = new LeaseWatch(async (name) => this.#nextLookMs(Number(await this.#run(ADVANCE, name, ""))));
    this.#heart = setInterval(() => this.#beat(), this.#frozenMs / 4).unref();
    tools.client.learn(FIFO_SCRIPTS);
    tools.instance.onMessage((message) => this.#hear(message));
    tools.instance.onLost(() => this.#waiters.endAll({ kind: "lost" }));
  }

  async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    if (!this.#tools.instance.listening) throw new Unavailable("redis: not subscribed, a grant would not be heard");
    const turn = this.#waiters.add(token);
    const leaseLeftMs = await this.#enter(name, token);
    if (!this.#waiters.has(token)) return this.#take(name, token, await turn);
    this.#waiters.limit(token, deadlineMs);
    this.#watch.join(name, this.#nextLookMs(leaseLeftMs));
    const end = await turn;
    this.#watch.leave(name);
    return this.#take(name, token, end);
  }

  async release(hold: Hold): Promise<void> {
    if (hold.seenOnly === true) return;
    await this.#passOn(hold.name, hold.token);
  }

  async close(): Promise<void> {
    clearInterval(this.#heart);
    this.#waiters.endAll({ kind: "late" });
    // The waiters leave the queue in continuations of their own, which the background then knows of.
    await Promise.resolve();
  }

  /** @returns how long the owner's lease still runs, in ms; a lock that was free is heard of as granted */
  async #enter(name: string, token: string): Promise<number> {
    try {
      const reply: unknown = await this.#run(ACQUIRE, name, token);
      if (!Array.isArray(reply)) throw new Unavailable("redis: the lock's script answered no list");
      const [granted, value] = reply as readonly unknown[];
      if (granted === 1) this.#hear(String(value));
      return granted === 1 ? 0 : Number(value);
    } catch (error) {
      // The answer is lost: we may stand in the queue, or even own the lock.
      this.#waiters.end(token, { kind: "lost" });
      this.#leave(name, token);
      throw error;
    }
  }

  #take(name: string, token: string, turn: Awaited<ReturnType<FifoWaiters["add"]>>): Hold | null {
    if (turn.kind === "granted") return this.#hold(turn.grant);
    if (turn.kind === "nothing_left") return sawNothing(name, token);
    this.#leave(name, token);
    if (turn.kind === "lost") throw new Unavailable("redis: the connection was lost while waiting for the lock");
    return null;
  }

  #hold({ lock, token, fencingToken, guarded }: Grant): Hold {
    const expiresAtMs = performance.now() + this.#tools.leaseMs;
    return { name: lock, token, fencingToken, guarded, grantedAtNs: process.hrtime.bigint(), expiresAtMs };
  }

  /** Messages are grants, and `skip <token>`. */
  #hear(message: string): void {
    if (message.startsWith("skip ")) this.#waiters.end(message.slice("skip ".length), { kind: "late" });
    const grant = parseGrant(message);
    if (grant === undefined || this.#waiters.end(grant.token, { kind: "granted", grant })) return;
    // Granted to somebody who has just given up: the next in the queue must not wait for the lease to end.
    this.#tools.background.run(`lock: passing on ${grant.lock}`, this.#passOn(grant.lock, grant.token));
  }

  async #passOn(name: string, token: string): Promise<void> {
    try {
      const reply: unknown = await this.#run(RELEASE, name, token);
      if (!Array.isArray(reply)) throw new Unavailable("redis: the lock's script answered no list");
      const [grant, ...waiters] = reply.map(String);
      for (const waiter of waiters) this.#waiters.end(waiter, { kind: "nothing_left" });
      this.#hear(grant ?? "");
    } catch (error) {
      // The reply may have been a grant to one of ours: nobody here can trust that he would hear of his turn.
      this.#waiters.endAll({ kind: "lost" });
      throw error;
    }
  }

  /** At least once a lease, whatever Redis says: somebody else's lock may have a longer one, or none (-1). */
  #nextLookMs(leaseLeftMs: number): number {
    return leaseLeftMs < 0 ? this.#tools.leaseMs : Math.min(leaseLeftMs, this.#tools.leaseMs);
  }

  #leave(name: string, token: string): void {
    this.#tools.background.run(`lock: leaving the queue of ${name}`, this.#run(LEAVE, name, token));
  }

  #beat(): void {
    const { client, instance } = this.#tools;
    // Redis being away is noticed, and logged, by the connection itself.
    if (instance.listening) client.run(BEAT, [channelOf(instance.id)], []).catch(() => undefined);
  }

  #run(script: Script, name: string, token: string): Promise<unknown> {
    const keys = [name, queueKey(name), fenceKey(name), this.#tools.guards(name)];
    return this.#tools.client.run(script, keys, [token, this.#tools.leaseMs, this.#frozenMs]);
  }
}
