import type { WireReply } from "../domain/wire.ts";
import { type Topic, topicOf } from "./special-commands.ts";

/** A command of subscriptions whose confirmations are awaited. */
export interface Confirming {
  /** SUBSCRIBE, PUNSUBSCRIBE, … */
  readonly name: string;
  /** How many channels it names. */
  readonly named: number;
  /** Confirmations still to come; null before the first. */
  left: number | null;
}

/** What a connection is subscribed to, as far as it was confirmed. */
export class Subscriptions {
  readonly #names: Readonly<Record<Topic, Set<WireReply>>> = {
    channel: new Set(),
    pattern: new Set(),
    shard: new Set(),
  };

  get any(): boolean {
    return this.#names.channel.size + this.#names.pattern.size + this.#names.shard.size > 0;
  }

  clear(): void {
    for (const names of Object.values(this.#names)) names.clear();
  }

  /**
   * Takes a message as one of the confirmations, one for each channel that was
   * named, or for each that there is when none was named.
   * @returns whether it was one
   */
  confirm(confirming: Confirming, message: readonly WireReply[]): boolean {
    if (message[0] !== confirming.name.toLowerCase()) return false;
    const names = this.#names[topicOf(confirming.name)];
    confirming.left ??= confirming.named > 0 ? confirming.named : Math.max(1, names.size);
    confirming.left -= 1;
    if (confirming.name.includes("UNSUB")) names.delete(message[1] ?? null);
    else names.add(message[1] ?? null);
    return true;
  }
}
