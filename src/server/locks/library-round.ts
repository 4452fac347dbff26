import type { RedlockMutex } from "redis-semaphore";
import type { Background } from "../background.ts";
import { type Poll, pollOf } from "../redis/poll.ts";
import type { RedisNode } from "../redis/redis-node.ts";
import type { Question, RedisNodes } from "../redis/redis-nodes.ts";
import { giveUpOn, isRefusal } from "./give-up.ts";
import { Votes } from "./votes.ts";

export type LibraryClient = ConstructorParameters<typeof RedlockMutex>[0][number];
type Words = readonly (string | number)[];

export interface LibraryRoundTools {
  readonly nodes: RedisNodes;
  readonly background: Background;
  /** Sent behind each try of the library to lock a node, in the same packet. */
  readonly question: Question;
  /** The lease, in ms. */
  readonly leaseMs: number;
  /** False once this round is not the last one of its owner, or the lock is closed. */
  readonly isLast: () => boolean;
}

/**
 * One round of the library over the nodes, and what it does not tell itself:
 * when the round began, and what the nodes know of the stock.
 */
export class LibraryRound {
  /** The nodes, as the library wants to see them. */
  readonly clients: LibraryClient[];
  /** Before the first node was asked, on the monotonic clock, in ms. */
  readonly beganMs = performance.now();
  readonly #tools: LibraryRoundTools;
  readonly #answers: Promise<unknown>[] = [];
  readonly #votes: Votes;

  constructor(tools: LibraryRoundTools) {
    this.#tools = tools;
    const { all, quorum } = tools.nodes;
    this.#votes = new Votes(all.length, quorum);
    this.clients = all.map((node, place) => this.#client(node, place));
  }

  /** What the nodes answer to the question. */
  answers(): Promise<Poll> {
    const { question, nodes } = this.#tools;
    return pollOf(this.#answers, question.good, nodes.quorum);
  }

  /** ioredis declares dozens of overloads; these are the commands that the library sends. */
  #client(node: RedisNode, place: number): LibraryClient {
    const client = {
      set: (...words: Words) => this.#set(node, place, words),
      evalsha: (...words: Words) => this.#release(node, "EVALSHA", words),
      eval: (...words: Words) => this.#release(node, "EVAL", words),
    };
    return client as unknown as LibraryClient;
  }

  #set(node: RedisNode, place: number, words: Words): Promise<unknown> {
    const { nodes, question } = this.#tools;
    const granted = node.ask((client) => client.command("SET", words));
    const answer = nodes.ask(place, question);
    // Only an owner listens to it.
    answer.catch(() => undefined);
    this.#answers[place] = answer;
    return this.#votes.cast(granted);
  }

  /**
   * The library's only script, unless it extends leases. It gives a release up
   * for lost when a node does not answer, or does not know the script and says so
   * too late; the node is sent another then, behind whatever it was sent before.
   */
  async #release(node: RedisNode, command: string, words: Words): Promise<unknown> {
    try {
      return await node.ask((client) => client.command(command, words));
    } catch (error) {
      // To a script that the node does not know the library itself has an answer.
      if (!isRefusal(error)) this.#giveUpOn(node, words);
      throw error;
    }
  }

  #giveUpOn(node: RedisNode, [, , name = "", token = ""]: Words): void {
    const { background, leaseMs, isLast } = this.#tools;
    const overAtMs = performance.now() + leaseMs;
    const lock = { name: String(name), token: String(token), fence: 0 };
    const owed = (): boolean => isLast() && performance.now() < overAtMs;
    background.run(`lock: giving up ${lock.name}`, giveUpOn(node, lock, owed));
  }
}
