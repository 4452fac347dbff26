import { nodeName, serverName } from "../../domain/service-name.ts";
import type { WireCommand } from "../../domain/wire.ts";
import { milliseconds } from "../wording.ts";
import type { GuardedWrite, LockOp } from "./lock-op.ts";

const MOST_LINES = 10;
const LONGEST_TOKEN = 40;
const TOKEN_END = 24;

/** One line of an interleaving: what was done, and by which command. */
export interface Moment {
  readonly command: WireCommand;
  readonly what: string;
}

const RESULTS = {
  acquire: { yes: "granted", no: "refused", unknown: "not answered" },
  overwrite: { yes: "written over whatever was there", no: "refused", unknown: "not answered" },
  release: { yes: "removed", no: "nothing of it there", unknown: "not answered" },
  extend: { yes: "lease set anew", no: "nothing of it there", unknown: "not answered" },
  write: { yes: "written", no: "refused", unknown: "not known whether written" },
} as const;

export function lockMoment(op: LockOp): Moment {
  const owner = op.token === null ? "for nobody in particular" : `for ${shown(op.token)}`;
  const result =
    op.deed === "read" ? `found ${op.found === null ? "nothing" : shown(op.found)}` : RESULTS[op.deed][op.effect];
  return { command: op.command, what: `${op.deed} ${op.key} ${owner}: ${result}` };
}

export function writeMoment({ command, effect, token }: GuardedWrite, key: string): Moment {
  const owner = token === null ? "" : ` for ${shown(token)}`;
  return { command, what: `write ${key}${owner}: ${RESULTS.write[effect]}` };
}

/**
 * What happened in the order in which it was sent, at most ten lines: time,
 * process, node, command and token. What comes in the middle is left out first.
 */
export function interleaving(moments: readonly Moment[]): readonly string[] {
  const sorted = [...new Map(moments.map((moment) => [moment.command, moment])).values()].sort(
    (a, b) => a.command.sentAt - b.command.sentAt,
  );
  const lines = sorted.map(line);
  if (lines.length <= MOST_LINES) return lines;
  const head = Math.floor(MOST_LINES / 2);
  const tail = MOST_LINES - head - 1;
  const left = lines.length - head - tail;
  return [...lines.slice(0, head), `… ${String(left)} more …`, ...lines.slice(-tail)];
}

/** `12.4 ms app1 → redis2 SET: acquire lock:stock:1 for "a:7": granted, answered at 13.1 ms` */
function line({ command, what }: Moment): string {
  const { sentAt, deliveredAt, repliedAt, server, node, words } = command;
  const seen = deliveredAt ?? repliedAt;
  const answer = seen === null ? "" : `, ${deliveredAt === null ? "reply lost" : "answered"} at ${milliseconds(seen)}`;
  return `${milliseconds(sentAt)} ${serverName(server)} → ${nodeName(node)} ${words[0] ?? "?"}: ${what}${answer}`;
}

/** A long token is cut in the middle: those of one run often begin alike, and differ at the end. */
export function shown(token: string): string {
  if (token.length <= LONGEST_TOKEN) return JSON.stringify(token);
  return JSON.stringify(`${token.slice(0, LONGEST_TOKEN - TOKEN_END)}…${token.slice(-TOKEN_END)}`);
}
