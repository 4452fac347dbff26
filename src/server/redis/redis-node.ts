import { Unavailable } from "../unavailable.ts";
import type { RedisClient } from "./redis-client.ts";
import type { Script } from "./script.ts";

export interface RedisNodeTools {
  /** As it is called in messages: `redis`, `redis1`, … */
  readonly name: string;
  readonly client: RedisClient;
  /** Whoever takes longer than this to answer is silent until it has answered, in ms. */
  readonly limitMs: number;
  /** Called when a connection has been made, the first or a new one. */
  readonly onBack: () => void;
  /** Called when the node has given an answer that it owed, and when it keeps time again. */
  readonly onHeard: () => void;
}

/**
 * One of several Redis nodes. It costs its caller no more than the limit, once:
 * while an answer is overdue nobody waits for it again.
 */
export class RedisNode {
  readonly #tools: RedisNodeTools;
  // The same for everybody: while a node is away each command would make another, with its stack.
  readonly #away: Unavailable;
  readonly #unconnected: Unavailable;
  /** While an answer is overdue. */
  #silent = false;
  /** From an answer that was overdue until one that was not. */
  #late = false;
  #proving = false;

  constructor(tools: RedisNodeTools) {
    this.#tools = tools;
    this.#away = new Unavailable(`${tools.name}: does not answer`);
    this.#unconnected = new Unavailable(`${tools.name}: not connected`);
    tools.client.onConnect(() => this.#back());
  }

  get name(): string {
    return this.#tools.name;
  }

  get client(): RedisClient {
    return this.#tools.client;
  }

  /** False while it is not connected, or owes an answer for longer than the limit. */
  get answers(): boolean {
    return this.#tools.client.connected && !this.#silent;
  }

  /** Whether it answers, and did so within the limit when it was last asked. */
  get keepsTime(): boolean {
    return this.#tools.client.connected && !this.#late;
  }

  /** @throws Unavailable at once when the node does not answer, and after the limit when it has ceased to */
  async ask<Reply>(command: (client: RedisClient) => Promise<Reply>): Promise<Reply> {
    if (!this.answers) throw this.#away;
    return this.#inTime(command(this.client));
  }

  /** Asks with a script; @throws as `ask` does */
  async run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    let wanted = true;
    // What is sent late would overtake what was sent since, such as the release of a lock.
    return this.ask((client) => client.run(script, keys, args, () => wanted)).catch((error: unknown) => {
      wanted = false;
      throw error;
    });
  }

  /** Waits for the answer as long as there is a connection, for what has no second try. */
  async runPatiently(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    if (!this.#tools.client.connected) throw this.#unconnected;
    const answer = this.#tools.client.run(script, keys, args);
    // Others must not wait for the node meanwhile.
    this.#inTime(answer).catch(() => undefined);
    return answer;
  }

  /** For what must reach the node in any case, behind everything that was sent to it before. */
  runLate(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#tools.client.run(script, keys, args);
  }

  #inTime<Reply>(answer: Promise<Reply>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let [open, inTime] = [true, true];
      const overdue = (): void => {
        if (!open) return;
        inTime = false;
        this.#silent = true;
        this.#late = true;
        reject(new Unavailable(`${this.name}: no answer within ${String(this.#tools.limitMs)} ms`));
      };
      // Answers that lie ready are read first: the node is not to blame for a stall of this process.
      const timer = setTimeout(() => setImmediate(overdue), this.#tools.limitMs);
      const ended = (): void => {
        open = false;
        clearTimeout(timer);
        if (this.#late && this.#tools.client.connected) this.#heard(inTime);
      };
      answer.then(
        (reply) => {
          ended();
          resolve(reply);
        },
        (error: unknown) => {
          ended();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #back(): void {
    this.#silent = false;
    this.#late = false;
    this.#tools.onBack();
  }

  #heard(inTime: boolean): void {
    this.#silent = false;
    this.#late = !inTime;
    if (this.#late) this.#prove();
    this.#tools.onHeard();
  }

  /** Whether it keeps time again must be known before somebody comes who needs it, or nobody would come. */
  #prove(): void {
    if (this.#proving) return;
    this.#proving = true;
    this.ask((client) => client.ping())
      .catch(() => undefined)
      .finally(() => {
        this.#proving = false;
      });
  }
}
