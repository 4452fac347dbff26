import type { WireReply } from "../domain/wire.ts";
import type { Passage } from "./passage.ts";
import { Illegible } from "./resp/frames.ts";
import type { ReplyTaker } from "./resp/reply-parser.ts";
import type { Command } from "./resp/request-parser.ts";
import { isMessage, type Special, specialOf } from "./special-commands.ts";
import { type Confirming, Subscriptions } from "./subscriptions.ts";
import { Silence } from "./silence.ts";

/** A command whose reply is awaited. */
interface Awaited {
  readonly special: Special | null;
  /** null for a command that is not recorded. */
  readonly passage: Passage | null;
  readonly confirming: Confirming | null;
  /** The protocol that HELLO asks for. */
  readonly protocol: string | undefined;
}

const PLAIN: Awaited = { special: null, passage: null, confirming: null, protocol: undefined };
/** What MONITOR sends for each command that the node executes. */
const MONITOR_LINE = /^\d+\.\d+ \[/;
const NOT_EXECUTED = { error: "EXECABORT the transaction was not executed" };

/** Finds the reply to each command of one connection. */
export class Conversation implements ReplyTaker {
  readonly #replied: (passage: Passage, reply: WireReply, end: number) => void;
  readonly #subscriptions = new Subscriptions();
  readonly #silence = new Silence();
  #awaited: Awaited[] = [];
  #first = 0;
  /** The commands that were queued since MULTI; null outside of a transaction. */
  #queued: (Passage | null)[] | null = null;
  #monitoring = false;
  #resp3 = false;

  constructor(replied: (passage: Passage, reply: WireReply, end: number) => void) {
    this.#replied = replied;
  }

  /** @throws Illegible for what cannot be followed */
  command(command: Command, passage: Passage | null): void {
    const special = specialOf(command.name);
    if (special === "replication") throw new Illegible(`${command.name}: a replica, no client`);
    if (this.#silence.swallows(command, special)) {
      if (passage !== null) passage.awaitsReply = false;
      return;
    }
    if (special === null && passage === null) {
      this.#awaited.push(PLAIN);
      return;
    }
    const { name, count, words } = command;
    const subscribes = special === "subscribe" || special === "unsubscribe";
    const confirming = subscribes ? { name, named: count - 1, left: null } : null;
    this.#awaited.push({ special, passage, confirming, protocol: words[1] });
  }

  wants(): boolean {
    const head = this.#awaited[this.#first];
    if (head === undefined || head !== PLAIN) return true;
    return this.#queued !== null || this.#monitoring || this.#subscriptions.any;
  }

  /** @throws Illegible for a reply that nobody asked for */
  take(value: WireReply, pushed: boolean, end: number): void {
    const head = this.#awaited[this.#first];
    const confirming = head?.confirming ?? null;
    if (confirming !== null && Array.isArray(value) && this.#subscriptions.confirm(confirming, value)) {
      if (confirming.left === 0) this.#answer(this.#next(), value, end);
      return;
    }
    if (pushed || this.#isStray(value)) return;
    if (head !== undefined) this.#answer(this.#next(), value, end);
    // A node that refuses a connection says why before it is asked anything.
    else if (!isError(value)) throw new Illegible("a reply that nobody asked for");
  }

  #isStray(value: WireReply): boolean {
    if (this.#monitoring && typeof value === "string") return MONITOR_LINE.test(value);
    return !this.#resp3 && this.#subscriptions.any && Array.isArray(value) && isMessage(value[0]);
  }

  #next(): Awaited {
    const head = this.#awaited[this.#first] ?? PLAIN;
    this.#first += 1;
    if (this.#first === this.#awaited.length) {
      this.#awaited = [];
      this.#first = 0;
    } else if (this.#first === 1024) {
      this.#awaited = this.#awaited.slice(this.#first);
      this.#first = 0;
    }
    return head;
  }

  #answer(awaited: Awaited, value: WireReply, end: number): void {
    const { special, passage } = awaited;
    if (this.#queued !== null && value === "QUEUED") {
      if (awaited.confirming !== null) throw new Illegible("subscriptions in a transaction");
      this.#queued.push(passage);
      return;
    }
    if (passage !== null) this.#replied(passage, value, end);
    if (special === "exec" && this.#queued !== null) this.#execute(Array.isArray(value) ? value : null, end);
    else if (special !== null && !isError(value)) this.#change(special, awaited.protocol, end);
  }

  /** EXEC ends the transaction, with one reply for each command that was queued, or with none at all. */
  #execute(replies: readonly WireReply[] | null, end: number): void {
    const queued = this.#queued ?? [];
    this.#queued = null;
    for (const [at, passage] of queued.entries()) {
      if (passage === null) continue;
      const reply = replies === null ? NOT_EXECUTED : (replies[at] ?? null);
      this.#replied(passage, reply, end);
    }
  }

  #change(special: Special, protocol: string | undefined, end: number): void {
    if (special === "multi") this.#queued = [];
    if (special === "discard") this.#execute(null, end);
    if (special === "monitor") this.#monitoring = true;
    if (special === "hello" && protocol !== undefined) this.#resp3 = protocol === "3";
    if (special !== "reset") return;
    if (this.#queued !== null) this.#execute(null, end);
    this.#subscriptions.clear();
    this.#monitoring = false;
    this.#resp3 = false;
  }
}

function isError(value: WireReply): boolean {
  return typeof value === "object" && value !== null && "error" in value;
}
