import { setTimeout as sleep } from "node:timers/promises";
import type { Background } from "../background.ts";
import { ACQUIRE, RELEASE } from "../quorum/quorum-scripts.ts";
import { kindOf, type Readings } from "../quorum/readings.ts";
import { productOf, quorumKeys } from "../redis/keys.ts";
import type { RedisNode } from "../redis/redis-node.ts";
import type { Poll } from "../redis/poll.ts";
import type { Question, RedisNodes } from "../redis/redis-nodes.ts";
import { giveUpOn } from "./give-up.ts";
import type { Hold, Lock } from "./lock.ts";

export interface RedlockTools {
  readonly nodes: RedisNodes;
  readonly readings: Readings;
  readonly background: Background;
  /** The lease, in ms. */
  readonly leaseMs: number;
}

/** One owner's way to a lock. */
export interface Asking {
  readonly name: string;
  readonly token: string;
  /** The nodes on which the lock may be his. */
  readonly asked: Set<RedisNode>;
  /** How often he has asked. */
  rounds: number;
}

/** Of a grant; see `Hold`. */
export type GrantTimes = Required<Pick<Hold, "expiresAtMs" | "awayMs">>;

/**
 * A lock that a majority of independent nodes has granted
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/).
 * A grant brings along what the majority knows of the stock.
 */
export class Redlock implements Lock {
  readonly #tools: RedlockTools;
  readonly #asking = new WeakMap<Hold, Asking>();
  #closed = false;

  constructor(tools: RedlockTools) {
    this.#tools = tools;
    tools.nodes.learn([ACQUIRE, RELEASE]);
  }

  /** @throws Unavailable when fewer nodes answer than make a quorum, at once when that has been so for a while */
  async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    const asking = { name, token, asked: new Set<RedisNode>(), rounds: 0 };
    while (!this.#closed) {
      const hold = await this.#try(asking);
      if (hold !== null) return hold;
      if (!(await this.#mayBeFree(asking, deadlineMs))) return null;
    }
    return null;
  }

  async release(hold: Hold): Promise<void> {
    const asking = this.#asking.get(hold);
    if (asking !== undefined) await this.#giveUp(asking, asking.asked, hold.fencingToken ?? 0);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** Whether it is any use to ask. @throws Unavailable when it has been none for a while */
  protected mayAsk(nodes: RedisNodes): boolean {
    return nodes.quorumAnswers();
  }

  protected question({ name, token }: Asking): Question {
    const args = [token, this.#tools.leaseMs];
    return { script: ACQUIRE, keys: quorumKeys(productOf(name)), args, good: granted };
  }

  protected ask(asking: Asking, nodes: RedisNodes): Promise<Poll> {
    return nodes.poll(this.question(asking));
  }

  /** Whether so many nodes have granted the lock that nobody else can have it. */
  protected suffices(poll: Poll, nodes: RedisNodes): boolean {
    return poll.good >= nodes.quorum;
  }

  /** Until when the lock is ours: the first lease began after the question, however late the answers came. */
  protected expiry(askedAtMs: number): number {
    return askedAtMs + validityMs(this.#tools.leaseMs);
  }

  /**
   * Where the lock is to be given up after a try that failed: wherever it was
   * asked for. Where the answer was lost, or comes late, it may be ours all the same.
   */
  protected owedAfter(asking: Asking, _poll: Poll, _nodes: RedisNodes): Iterable<RedisNode> {
    return asking.asked;
  }

  /**
   * Waits while another owner is seen. One node is looked at after each pause, by
   * lot: a try costs all of them two commands, and those who sell wait behind them.
   * @returns false when the time has run out
   */
  async #mayBeFree({ name, rounds }: Asking, deadlineMs: number): Promise<boolean> {
    for (let pauses = rounds; !this.#closed; pauses += 1) {
      const left = deadlineMs - performance.now();
      if (left <= 0) return false;
      await sleep(Math.min(left, pauseMs(pauses)));
      if (!(await this.#tools.nodes.showsOnOne(name))) return true;
    }
    return false;
  }

  async #try(asking: Asking): Promise<Hold | null> {
    const { nodes, readings, background } = this.#tools;
    const { name } = asking;
    if (!this.mayAsk(nodes)) return null;
    asking.rounds += 1;
    for (const node of nodes.all) if (node.answers) asking.asked.add(node);
    const askedAtMs = performance.now();
    const poll = await this.ask(asking, nodes);
    const expiresAtMs = this.expiry(askedAtMs);
    readings.report(name, poll);
    let hold: Hold | null = null;
    try {
      const nowMs = performance.now();
      if (this.suffices(poll, nodes) && nowMs < expiresAtMs) {
        hold = this.hold(asking, { expiresAtMs, awayMs: nowMs - askedAtMs }, poll);
      }
    } finally {
      if (hold === null) {
        background.run(`lock: giving up ${name}`, this.#giveUp(asking, this.owedAfter(asking, poll, nodes), 0));
      }
    }
    return hold;
  }

  protected hold(asking: Asking, times: GrantTimes, poll: Poll): Hold {
    const { name, token } = asking;
    const grantedAtNs = process.hrtime.bigint();
    const reading = this.#tools.readings.read(name, poll, granted);
    const { fencingToken, units } = reading;
    const hold = { name, token, fencingToken, grantedAtNs, ...times, guarded: units, reading };
    return this.remember(hold, asking);
  }

  /** So that the hold can be released. */
  protected remember(hold: Hold, asking: Asking): Hold {
    this.#asking.set(hold, asking);
    return hold;
  }

  async #giveUp(asking: Asking, nodes: Iterable<RedisNode>, fence: number): Promise<void> {
    const { rounds } = asking;
    const overAtMs = performance.now() + this.#tools.leaseMs;
    // Not any more once the same token asks again, nor when the lock is gone by itself.
    const owed = (): boolean => asking.rounds === rounds && !this.#closed && performance.now() < overAtMs;
    const given = await Promise.allSettled([...nodes].map((node) => giveUpOn(node, { ...asking, fence }, owed)));
    const refused = given.find((result) => result.status === "rejected");
    if (refused !== undefined) throw refused.reason;
  }
}

/** How long a grant holds, in ms: the nodes' clocks may run at slightly different rates. */
export function validityMs(leaseMs: number): number {
  return leaseMs - (leaseMs * 0.01 + 2);
}

/** Whether a node has granted the lock. */
export function granted(reply: unknown): boolean {
  return kindOf(reply) === 1;
}

/** From 2 ms to 15 ms, half of it at random, so that those who split the nodes between them do not meet again. */
function pauseMs(attempt: number): number {
  const longest = Math.min(15, 4 * 1.4 ** Math.min(attempt, 10));
  return longest * (0.5 + Math.random() / 2);
}
