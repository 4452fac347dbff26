import { setTimeout as sleep } from "node:timers/promises";
import type { Instance } from "./redis/instance.ts";
import { repair, type RepairTools } from "./repair/repair.ts";

const TRY_AGAIN_MS = 100;

interface OpeningTools extends RepairTools {
  readonly instance: Instance;
  /** Done once before the shop opens; if it fails, the shop opens all the same. */
  readonly rehearse: () => Promise<void>;
}

/** Waits for Redis and repairs what an earlier crash left behind, however often it takes. Nothing is sold before. */
export class Opening {
  readonly done: Promise<void>;
  #open = false;
  #givenUp = false;

  constructor(tools: OpeningTools) {
    this.done = this.#run(tools);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  giveUp(): void {
    this.#givenUp = true;
  }

  async #run(tools: OpeningTools): Promise<void> {
    await Promise.all([tools.client.ready(), tools.instance.ready()]);
    while (!this.#givenUp) {
      try {
        await repair(tools);
        await tools.rehearse().catch((error: unknown) => {
          tools.log(`rehearsal: ${error instanceof Error ? error.message : String(error)}`);
        });
        this.#open = true;
        return;
      } catch (error) {
        tools.log(`repair, will be tried again: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(TRY_AGAIN_MS);
      }
    }
  }
}
