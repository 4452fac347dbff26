import { createHash } from "node:crypto";
import type { Case, Check, Ruling } from "../../src/checks/check.ts";
import type { FaultAction } from "../../src/domain/fault.ts";
import type { LockReading } from "../../src/domain/truth.ts";
import type { WireCommand, WireLog, WireReply } from "../../src/domain/wire.ts";
import { type Story, caseOf } from "./histories.ts";

const MS = 1e6;

export const TAKE = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0";
export const FREE = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('DEL', KEYS[1])";
export const EXTEND =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0";
export const WRITE =
  "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[2]) return 1";

/** When and where a command passed; times in ms. */
export interface At {
  /** When it was sent. */
  readonly at: number;
  /** From sending to the reply at the server; half of it on the way there. */
  readonly took?: number;
  /** When it was passed on, and when its node replied, if not a quarter after the one end and before the other. */
  readonly forwarded?: number;
  readonly replied?: number;
  readonly server?: number;
  readonly node?: number;
  readonly connection?: number;
  readonly product?: number;
  /** How far it came: the whole way when left out. */
  readonly lost?: "reply" | "no reply" | "held back";
}

export function sha(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** Writes down what passed on the wire, in any order. */
export class Wire {
  readonly #commands: WireCommand[] = [];
  readonly #scripts = new Map<string, string>();
  readonly #lost: string[] = [];

  get log(): WireLog {
    const commands = this.#commands.toSorted((a, b) => a.sentAt - b.sentAt);
    return { commands, scripts: this.#scripts, lost: this.#lost };
  }

  send(words: readonly string[], reply: WireReply, { at, took = 0.4, server = 0, node = 0, lost, ...more }: At): this {
    this.#commands.push({
      server,
      node,
      connection: more.connection ?? server * 100 + node,
      sentAt: at * MS,
      forwardedAt: lost === "held back" ? null : (more.forwarded ?? at + took * 0.25) * MS,
      repliedAt: lost === "held back" || lost === "no reply" ? null : (more.replied ?? at + took * 0.75) * MS,
      deliveredAt: lost === undefined ? (at + took) * MS : null,
      words,
      reply: lost === "held back" || lost === "no reply" ? null : reply,
    });
    return this;
  }

  script(text: string, keys: readonly string[], args: readonly (string | number)[], reply: WireReply, at: At): this {
    this.#scripts.set(sha(text), text);
    return this.send(["EVALSHA", sha(text), String(keys.length), ...keys, ...args.map(String)], reply, at);
  }

  /** A script whose text nobody saw. */
  unseen(keys: readonly string[], at: At): this {
    return this.send(["EVALSHA", sha("?"), String(keys.length), ...keys], 1, at);
  }

  lose(connection: string): this {
    this.#lost.push(connection);
    return this;
  }

  grant(token: string, at: At, ttl = 1000): this {
    return this.script(TAKE, [lockKey(at)], [token, ttl], 1, at);
  }

  refuse(token: string, at: At, ttl = 1000): this {
    return this.script(TAKE, [lockKey(at)], [token, ttl], 0, at);
  }

  free(token: string, at: At, reply = 1): this {
    return this.script(FREE, [lockKey(at)], [token], reply, at);
  }

  extend(token: string, at: At, ttl = 1000, reply = 1): this {
    return this.script(EXTEND, [lockKey(at)], [token, ttl], reply, at);
  }

  /** A write for an owner whom the node itself compares. */
  write(token: string, at: At, reply: WireReply = 1, value = "7"): this {
    return this.script(WRITE, [stockKey(at), lockKey(at)], [token, value], reply, at);
  }

  /** A write that asks nobody. */
  set(value: string, at: At): this {
    return this.send(["SET", stockKey(at), value], "OK", at);
  }
}

export function lockKey({ product = 0 }: { readonly product?: number }): string {
  return `lock:stock:p${String(product)}`;
}

export function stockKey({ product = 0 }: { readonly product?: number }): string {
  return `stock:p${String(product)}`;
}

/** A fault as a test writes it down; times in ms. */
export interface Fault {
  readonly action: FaultAction;
  readonly injected: number;
  /** When all of it was in force; left out: at once. */
  readonly inForce?: number;
  readonly healed: number;
}

export interface WireStory extends Partial<Omit<Story, "faults">> {
  /** null: a stack without a tap. */
  readonly wire?: Wire | null;
  readonly nodes?: number;
  readonly faults?: readonly Fault[];
  readonly locks?: readonly LockReading[] | null;
  readonly agreedAfterMs?: number | null;
  readonly tokens?: boolean;
}

/** A case for the checks of locks: one buyer was answered after all that the wire tells. */
export function wireCase({ wire = null, nodes = 1, faults = [], locks = [], ...story }: WireStory): Case {
  const { agreedAfterMs = 5, tokens = true } = story;
  const base = caseOf({ attempts: [{ outcome: "sold", ended: 10_000 }], ...story });
  const { plan } = base;
  const lockKeys = { lock: "lock:stock:${product}", guarded: "stock:${product}" };
  const answer = { ...plan.target.answer, fencingToken: tokens ? "fencingToken" : null };
  return {
    ...base,
    plan: {
      ...plan,
      stack: { ...plan.stack, redisNodes: nodes, replicas: 2, tap: true },
      target: { ...plan.target, lockKeys, answer },
      faults: faults.map(({ action }) => ({ action, at: { kind: "elapsed", ms: 0 }, forMs: null })),
    },
    truth: { ...base.truth, locks, agreedAfterMs },
    wire: wire?.log ?? null,
    faults: faults.map(({ injected, inForce = injected, healed }, fault) => ({
      fault,
      injectedAt: injected * MS,
      inForceAt: inForce * MS,
      healedAt: healed * MS,
    })),
  };
}

export function judgeWire(check: Check, story: WireStory): Ruling {
  return check.judge(wireCase(story));
}

export const kill = (more: { servers?: number[]; nodes?: number[]; keepData?: boolean }): FaultAction => ({
  kind: "kill",
  servers: [],
  nodes: [],
  keepData: false,
  ...more,
});
