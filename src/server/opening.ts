import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";
import type { Instance } from "./redis/instance.ts";
import type { RedisNodes } from "./redis/redis-nodes.ts";

const TRY_AGAIN_MS = 100;

/** Puts right what an earlier crash left behind, and where it can what goes wrong later. */
export interface Repairs {
  /** @throws Unavailable */
  atStart(): Promise<void>;
  stop(): Promise<void>;
}

interface OpeningTools {
  readonly repairs: Repairs;
  readonly log: Log;
  readonly nodes: RedisNodes;
  readonly instance: Instance;
  /** Done once before the shop opens; if it fails, the shop opens all the same. */
  readonly rehearse: () => Promise<void>;
}

/** Waits for Redis and repairs what an earlier crash left behind, however often it takes. Nothing is sold before. */
export class Opening {
  /** Resolves when the shop is open, or when that was given up and nothing is tried any more. */
  readonly done: Promise<void>;
  readonly #givenUp: Promise<void>;
  #open = false;
  #giveUp = (): void => undefined;
  #hopeful = true;

  constructor(tools: OpeningTools) {
    this.#givenUp = new Promise((resolve) => (this.#giveUp = resolve));
    this.done = this.#run(tools);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  giveUp(): void {
    this.#hopeful = false;
    this.#giveUp();
  }

  #isGivenUp(): boolean {
    return !this.#hopeful;
  }

  async #run(tools: OpeningTools): Promise<void> {
    const reached = Promise.all([tools.nodes.ready(), tools.instance.ready()]);
    await Promise.race([reached, this.#givenUp]);
    while (!this.#isGivenUp()) {
      try {
        await tools.repairs.atStart();
        if (this.#isGivenUp()) return;
        await tools.rehearse().catch((error: unknown) => {
          tools.log(`rehearsal: ${error instanceof Error ? error.message : String(error)}`);
        });
        this.#open = true;
        tools.log("the shop is open");
        return;
      } catch (error) {
        tools.log(`repair, will be tried again: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(TRY_AGAIN_MS);
      }
    }
  }
}
