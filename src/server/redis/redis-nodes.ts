import type { Log } from "../log.ts";
import { asUnavailable, Unavailable } from "../unavailable.ts";
import { PATIENCE_MS } from "./connect.ts";
import { type Poll, pollOf } from "./poll.ts";
import { RedisClient } from "./redis-client.ts";
import { RedisNode } from "./redis-node.ts";
import type { Script } from "./script.ts";

export interface Question {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[] | ((node: number) => readonly (string | number)[]);
  /** Whether to wait longer than the limit for a quorum, until the nodes are given up for lost. */
  readonly patient?: boolean;
  /** Whether a reply is the one that was hoped for. */
  readonly good: (reply: unknown) => boolean;
}

export interface RedisNodesTools {
  readonly urls: readonly [string, ...string[]];
  readonly log: Log;
  /** How long one node may keep everybody waiting, in ms; see `nodeLimitMs`. */
  readonly limitMs: number;
  /** See `RedisClient`; for the first node. */
  readonly onSilence?: () => void;
}

/** Far below the lease: what waiting for a node costs is taken from the time for which the lock is valid. */
export function nodeLimitMs(leaseMs: number): number {
  return Math.max(5, Math.min(100, leaseMs / 10));
}

/** Redis nodes that know nothing of each other. What a majority of them says is what holds. */
export class RedisNodes {
  readonly all: readonly RedisNode[];
  /** The least number of nodes that is a majority. */
  readonly quorum: number;
  readonly first: RedisClient;
  readonly #onBack: (() => void)[] = [];
  readonly #onAnswering: (() => void)[] = [];
  #missingSinceMs: number | undefined;

  constructor({ urls, log, limitMs, onSilence }: RedisNodesTools) {
    const [url, ...others] = urls;
    this.first = new RedisClient(url, log, onSilence);
    const clients = [this.first, ...others.map((other) => new RedisClient(other, log))];
    this.all = clients.map((client, place) => {
      const name = place === 0 ? "redis" : `redis${String(place)}`;
      const [onBack, onHeard] = [() => this.#back(), () => this.#heard()];
      return new RedisNode({ name, client, limitMs, onBack, onHeard });
    });
    this.quorum = Math.floor(clients.length / 2) + 1;
  }

  /** How many nodes can be asked now. */
  get answering(): number {
    return this.all.filter((node) => node.answers).length;
  }

  /** How many nodes answered within the limit when they were last asked. */
  get inTime(): number {
    return this.all.filter((node) => node.keepsTime).length;
  }

  /**
   * Whether a quorum can be asked now.
   * @throws Unavailable when none has answered in time for so long that it is no stall any more
   */
  quorumAnswers(): boolean {
    const { inTime, quorum, all } = this;
    if (inTime >= quorum) return true;
    this.#missingSinceMs ??= performance.now();
    if (performance.now() - this.#missingSinceMs < PATIENCE_MS) return this.answering >= quorum;
    throw new Unavailable(
      `redis: ${String(inTime)} of ${String(all.length)} nodes answer in time, a quorum is ${String(quorum)}`,
    );
  }

  /** Called when a connection to a node has been made: it may have missed what was written meanwhile. */
  onBack(handle: () => void): void {
    this.#onBack.push(handle);
  }

  /** Called when a node has given an answer that it owed: it has missed nothing. */
  onAnswering(handle: () => void): void {
    this.#onAnswering.push(handle);
  }

  learn(scripts: readonly Script[]): void {
    for (const { client } of this.all) client.learn(scripts);
  }

  /** Resolves when a majority can be asked. */
  ready(): Promise<void> {
    return this.#quorumOf(({ client }) => client.ready());
  }

  /** @throws Unavailable unless a majority answers */
  async ping(): Promise<void> {
    await this.#quorumOf(({ client }) => client.ping());
  }

  /** @throws Unavailable unless a majority answers within the limit, as it must to grant a lock */
  async pingInTime(): Promise<void> {
    await this.#quorumOf((node) => node.ask((client) => client.ping()));
  }

  /**
   * What a key holds on each node; undefined where a node does not answer.
   * @throws Unavailable unless a majority answers
   */
  async get(key: string): Promise<(string | null | undefined)[]> {
    const said = await Promise.allSettled(this.all.map(({ client }) => client.get(key)));
    const failed = said.filter((result) => result.status === "rejected");
    if (failed.length > this.all.length - this.quorum) throw asUnavailable("redis", failed[0]?.reason);
    return said.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  }

  /** Whether a key is on one of the nodes, chosen by lot; false when that one does not answer. */
  async showsOnOne(key: string): Promise<boolean> {
    const node = this.all[Math.floor(Math.random() * this.all.length)];
    const said = await node?.ask((client) => client.get(key)).catch(() => null);
    return typeof said === "string";
  }

  /** From every node that is there. */
  async remove(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(this.all.map(({ client }) => client.remove(keys)));
  }

  /** Asks all nodes at once. @returns as soon as a quorum gave a good answer, or cannot give it any more */
  poll(question: Question): Promise<Poll> {
    const asked = this.all.map((_, place) => this.ask(place, question));
    return pollOf(asked, question.good, this.quorum);
  }

  /** Asks one of the nodes. @throws Unavailable when it does not answer */
  async ask(place: number, { script, keys, args, patient }: Question): Promise<unknown> {
    const node = this.all[place];
    if (node === undefined) throw new Unavailable(`redis: there is no node ${String(place)}`);
    const own = typeof args === "function" ? args(place) : args;
    return patient === true ? node.runPatiently(script, keys, own) : node.run(script, keys, own);
  }

  close(): void {
    for (const { client } of this.all) client.close();
  }

  #back(): void {
    this.#noteQuorum();
    for (const handle of this.#onBack) handle();
  }

  #heard(): void {
    this.#noteQuorum();
    for (const handle of this.#onAnswering) handle();
  }

  #noteQuorum(): void {
    if (this.inTime >= this.quorum) this.#missingSinceMs = undefined;
  }

  async #quorumOf(work: (node: RedisNode) => Promise<void>): Promise<void> {
    const { all, quorum } = this;
    await new Promise<void>((resolve, reject) => {
      let done = 0;
      const failures: unknown[] = [];
      for (const node of all) {
        work(node).then(
          () => {
            done += 1;
            if (done === quorum) resolve();
          },
          (error: unknown) => {
            failures.push(error);
            if (failures.length > all.length - quorum) reject(asUnavailable("redis", failures[0]));
          },
        );
      }
    });
  }
}
