import { createHash } from "node:crypto";
import { computesKeys } from "../domain/script-text.ts";
import type { TapClock } from "./clock.ts";
import type { Journal } from "./journal.ts";
import type { Passage } from "./passage.ts";
import type { TapCounts } from "./protocol.ts";
import type { Command } from "./resp/request-parser.ts";

/** Whose connection it is. */
export interface Party {
  readonly server: number;
  readonly node: number;
  readonly connection: number;
}

/** Commands that concern every key without naming one, or the scripts that others refer to. */
const ALWAYS = new Set(["FLUSHALL", "FLUSHDB", "SWAPDB", "SELECT", "SCRIPT"]);
/** Their words are secrets. */
const NEVER = new Set(["AUTH", "HELLO", "ACL", "CONFIG"]);

/** What a run leaves in the wire log. Numbers the commands, and keeps each script once. */
export class Recorder {
  readonly #journal: Journal;
  readonly #clock: TapClock;
  readonly #prefixes: readonly string[];
  readonly #scripts = new Map<string, string>();
  /** The hashes of scripts that may spell keys of interest themselves, and need not be given them. */
  readonly #spelling = new Set<string>();
  #lost = 0;
  #commands = 0;

  /** @param prefixes what keys of interest begin with */
  constructor(journal: Journal, clock: TapClock, prefixes: readonly string[]) {
    this.#journal = journal;
    this.#prefixes = prefixes;
    this.#clock = clock;
    this.begin();
  }

  get counts(): TapCounts {
    return { commands: this.#commands, scripts: this.#scripts.size, lost: this.#lost };
  }

  /** Forgets everything but the scripts: Redis may still know them. */
  begin(): void {
    this.#commands = 0;
    this.#lost = 0;
    this.#journal.begin();
    this.#journal.add({ wire: 1, originNs: String(this.#clock.originNs) });
    for (const [script, text] of this.#scripts) this.#journal.add({ script, text });
  }

  nextNumber(): number {
    this.#commands += 1;
    return this.#commands;
  }

  /** The record of a command that was sent just now; null when it is of no interest. */
  open(command: Command, sentAt: number): Passage | null {
    const { name, touches, end } = command;
    if ((!touches && !ALWAYS.has(name) && !this.#spellsKeys(command)) || NEVER.has(name)) return null;
    return {
      number: this.nextNumber(),
      words: this.#wordsOf(command),
      sentAt,
      forwardedAt: null,
      repliedAt: null,
      deliveredAt: null,
      reply: null,
      requestEnd: end,
      replyEnd: null,
      awaitsReply: true,
    };
  }

  write(passage: Passage, party: Party): void {
    const { number, words, reply, sentAt, forwardedAt, repliedAt, deliveredAt } = passage;
    const { server, node, connection } = party;
    const at = [sentAt, forwardedAt, repliedAt, deliveredAt] as const;
    this.#journal.add({ command: number, server, node, connection, at, words, reply });
  }

  lost(party: Party, why: string): void {
    const { connection, server, node } = party;
    const who = `connection ${String(connection)} of server ${String(server)} to node ${String(node)}`;
    this.#lost += 1;
    this.#journal.add({ lost: `${who}: ${why}` });
  }

  /** @returns how much the file holds when everything is in it */
  async flush(): Promise<TapCounts> {
    const { counts } = this;
    this.#journal.add({ complete: counts.commands });
    await this.#journal.flushed();
    return counts;
  }

  #spellsKeys({ script, words }: Command): boolean {
    if (script !== null) return this.#maySpell(script.toString("utf8"));
    return this.#spelling.size > 0 && this.#spelling.has((words[1] ?? "").toLowerCase());
  }

  /** Whoever judges finds out which keys these are: here it is enough that it may be one of interest. */
  #maySpell(text: string): boolean {
    return computesKeys(text) || this.#prefixes.some((prefix) => text.includes(prefix));
  }

  #wordsOf({ name, words, count, script }: Command): string[] {
    const kept = [name, ...words.slice(1)];
    if (script !== null) kept[name === "SCRIPT" ? 2 : 1] = this.#learn(script);
    if (count > words.length) kept.push(`… (${String(count)} words)`);
    return kept;
  }

  #learn(script: Buffer): string {
    const sha1 = createHash("sha1").update(script).digest("hex");
    if (!this.#scripts.has(sha1)) {
      const text = script.toString("utf8");
      this.#scripts.set(sha1, text);
      if (this.#maySpell(text)) this.#spelling.add(sha1);
      this.#journal.add({ script: sha1, text });
    }
    return sha1;
  }
}
