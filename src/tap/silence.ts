import { Illegible } from "./resp/frames.ts";
import type { Command } from "./resp/request-parser.ts";
import type { Special } from "./special-commands.ts";

/** Which commands get no reply, because of CLIENT REPLY OFF and CLIENT REPLY SKIP. */
export class Silence {
  #mode: "none" | "all" | "next" = "none";
  #inTransaction = false;

  /**
   * Whether this command gets no reply.
   * @throws Illegible where nobody could tell any more what belongs together
   */
  swallows(command: Command, special: Special | null): boolean {
    if (special === "client" && /^reply$/i.test(command.words[1] ?? "") && command.count === 3) {
      return this.#switch((command.words[2] ?? "").toLowerCase());
    }
    if (special === "reset") this.#mode = "none";
    if (this.#mode !== "none" && special !== null && special !== "client" && special !== "quit") {
      throw new Illegible(`${command.name} without a reply`);
    }
    if (special === "multi") this.#inTransaction = true;
    if (special === "exec" || special === "discard" || special === "reset") this.#inTransaction = false;
    const swallowed = this.#mode !== "none";
    if (this.#mode === "next") this.#mode = "none";
    return swallowed;
  }

  #switch(to: string): boolean {
    if (this.#inTransaction) throw new Illegible("CLIENT REPLY in a transaction");
    const before = this.#mode;
    if (to === "on") this.#mode = "none";
    else if (to === "off") this.#mode = "all";
    else if (to === "skip") this.#mode = before === "all" ? "all" : "next";
    else if (before === "next") this.#mode = "none";
    return to === "off" || to === "skip" || (to !== "on" && before !== "none");
  }
}
