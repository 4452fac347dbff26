import type { WireCommand, WireLog, WireReply } from "./wire.ts";

/** One line of a wire log, as JSON. The first says where its clock begins, the last that nothing is missing. */
export type WireLine =
  | { readonly wire: 1; readonly originNs: string }
  | { readonly script: string; readonly text: string }
  | { readonly lost: string }
  /** A later line with the same number replaces an earlier one: the command was answered since. */
  | {
      readonly command: number;
      readonly server: number;
      readonly node: number;
      readonly connection: number;
      /** Sent, forwarded, replied, delivered: ns since the origin of the log; null: never. */
      readonly at: readonly [number, number | null, number | null, number | null];
      readonly words: readonly string[];
      readonly reply: WireReply | null;
    }
  /** Everything up to here is in the file: so many commands. */
  | { readonly complete: number };

type CommandLine = Extract<WireLine, { command: number }>;

/** The lines of a log whose clock is already the history's; `wireLogOf(lines, 0n)` reads them back. */
export function* wireLines(log: WireLog): Generator<string> {
  yield lineOf({ wire: 1, originNs: "0" });
  for (const [script, text] of log.scripts) yield lineOf({ script, text });
  for (const lost of log.lost) yield lineOf({ lost });
  for (const [command, { server, node, connection, words, reply, ...stamps }] of log.commands.entries()) {
    const at = [stamps.sentAt, stamps.forwardedAt, stamps.repliedAt, stamps.deliveredAt] as const;
    yield lineOf({ command, server, node, connection, at, words, reply });
  }
  yield lineOf({ complete: log.commands.length });
}

/** A line without its newline. */
export function lineOf(line: WireLine): string {
  return JSON.stringify(line);
}

/**
 * Reads the lines of a wire log. Whatever cannot be read, and an end that is
 * missing, is told among the lost: a log that may have gaps must never look whole.
 * @param originNs the origin of the history's clock, on the clock that all processes of the machine share
 */
export function wireLogOf(lines: Iterable<string>, originNs: bigint): WireLog {
  const reading = new Reading();
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line !== "") reading.take(line, number);
  }
  return reading.log(originNs);
}

class Reading {
  readonly #commands = new Map<number, CommandLine>();
  readonly #scripts = new Map<string, string>();
  readonly #lost: string[] = [];
  #originNs: bigint | undefined;
  #complete: number | undefined;

  take(text: string, number: number): void {
    const line = parsed(text);
    this.#complete = undefined;
    if (line === undefined) this.#lost.push(`line ${String(number)} of the wire log cannot be read`);
    else this.#sort(line);
  }

  #sort(line: WireLine): void {
    if ("command" in line) this.#commands.set(line.command, line);
    else if ("script" in line) this.#scripts.set(line.script, line.text);
    else if ("lost" in line) this.#lost.push(line.lost);
    else if ("complete" in line) this.#complete = line.complete;
    else this.#originNs = BigInt(line.originNs);
  }

  log(originNs: bigint): WireLog {
    const lost = [...this.#lost];
    if (this.#originNs === undefined) {
      return { commands: [], scripts: this.#scripts, lost: [...lost, "the wire log does not say when it began"] };
    }
    const gap = this.#gap();
    if (gap !== undefined) lost.push(gap);
    const shift = Number(this.#originNs - originNs);
    const inOrder = [...this.#commands.values()].toSorted((a, b) => a.at[0] - b.at[0] || a.command - b.command);
    return { commands: inOrder.map((line) => commandOf(line, shift)), scripts: this.#scripts, lost };
  }

  #gap(): string | undefined {
    const found = this.#commands.size;
    if (this.#complete === undefined) return `the wire log breaks off after ${String(found)} commands`;
    if (this.#complete === found) return undefined;
    return `the wire log has ${String(found)} commands, expected ${String(this.#complete)}`;
  }
}

function commandOf(line: CommandLine, shift: number): WireCommand {
  const { server, node, connection, at, words, reply } = line;
  const shifted = (stamp: number | null): number | null => (stamp === null ? null : stamp + shift);
  return {
    server,
    node,
    connection,
    sentAt: at[0] + shift,
    forwardedAt: shifted(at[1]),
    repliedAt: shifted(at[2]),
    deliveredAt: shifted(at[3]),
    words,
    reply,
  };
}

function parsed(text: string): WireLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isObject(line) && isWireLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWireLine(line: Fields): line is Fields & WireLine {
  if ("command" in line) return isCommandLine(line);
  if ("script" in line) return typeof line["script"] === "string" && typeof line["text"] === "string";
  if ("lost" in line) return typeof line["lost"] === "string";
  if ("complete" in line) return Number.isInteger(line["complete"]);
  return line["wire"] === 1 && typeof line["originNs"] === "string" && /^-?\d+$/.test(line["originNs"]);
}

function isCommandLine(line: Fields): boolean {
  const { at, words } = line;
  return (
    ["command", "server", "node", "connection"].every((field) => Number.isInteger(line[field])) &&
    Array.isArray(at) &&
    at.length === 4 &&
    Number.isFinite(at[0]) &&
    at.every((stamp) => stamp === null || Number.isFinite(stamp)) &&
    Array.isArray(words) &&
    words.every((word) => typeof word === "string") &&
    isReply(line["reply"])
  );
}

function isReply(reply: unknown): boolean {
  if (reply === null || ["string", "number", "boolean"].includes(typeof reply)) return true;
  if (Array.isArray(reply)) return reply.every(isReply);
  return isObject(reply) && typeof reply["error"] === "string";
}
