import type { WireRule } from "../domain/wire.ts";
import type { WireTap } from "../stacks/stack.ts";
import type { SharedWire } from "./fault.ts";

/** The rules of all faults of a run: they share one wire, which takes only whole sets. */
export class WireRules implements SharedWire {
  readonly #tap: WireTap;
  #inForce: readonly WireRule[] = [];

  constructor(tap: WireTap) {
    this.#tap = tap;
  }

  async add(rule: WireRule): Promise<void> {
    this.#inForce = [...this.#inForce, rule];
    await this.#tap.shape(this.#inForce);
  }

  async remove(rule: WireRule): Promise<void> {
    if (!this.#inForce.includes(rule)) return;
    this.#inForce = this.#inForce.filter((one) => one !== rule);
    await this.#tap.shape(this.#inForce);
  }
}
