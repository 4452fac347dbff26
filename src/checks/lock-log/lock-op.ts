import type { WireCommand } from "../../domain/wire.ts";

/** What a command did to a lock key, if it had an effect. */
export type Deed =
  /** Takes a key that is free. */
  | "acquire"
  /** Takes a key whoever holds it. */
  | "overwrite"
  | "release"
  /** Sets the key's lease anew. */
  | "extend"
  | "read";

/** `unknown`: no reply was seen, or one that does not tell. */
export type Effect = "yes" | "no" | "unknown";

/** One thing that one command did, or tried to do, to one lock key on one node. */
export interface LockOp {
  readonly deed: Deed;
  readonly effect: Effect;
  /** The product's place in the plan. */
  readonly product: number;
  readonly key: string;
  /** The owner for whom it was done; null where the command does not name one. */
  readonly token: string | null;
  /** True when it leaves a lock alone that is not its owner's. */
  readonly compared: boolean;
  /** The lease that it gives, in ms; null: none, so that the key lives for ever. */
  readonly ttlMs: number | null;
  /** True when its answer is the same where the lock was its owner's already, and was left as it is. */
  readonly orKept?: boolean;
  /** What the command said that the key held; null where it did not say. */
  readonly found: string | null;
  readonly command: WireCommand;
}

/** A command that changes the key which a lock guards, in a way that needs the lock. */
export interface GuardedWrite {
  readonly product: number;
  readonly effect: Effect;
  /** The owner's token, if the command carries it; null where nobody can tell for whom it was. */
  readonly token: string | null;
  /** True when the node itself looks whether the lock is still that owner's. */
  readonly checksOwner: boolean;
  readonly command: WireCommand;
}

/** All that the wire says of locks. */
export interface LockLog {
  /** In the order in which they were sent. */
  readonly ops: readonly LockOp[];
  readonly writes: readonly GuardedWrite[];
  /** What touched a lock key and could not be understood, a line each, every kind once. */
  readonly opaque: readonly string[];
}

/** True when the node certainly executed the one after the other. */
export function isAfter({ command: later }: LockOp, { command: earlier }: LockOp): boolean {
  if (later.connection === earlier.connection) return later.sentAt > earlier.sentAt;
  return (later.forwardedAt ?? -Infinity) >= (earlier.repliedAt ?? Infinity);
}

/** Stands for an owner where all locks of a node were removed at once, whoever had them: nobody gave up his own. */
const EVERYBODY = "everybody";

/** The removal of one lock by FLUSHALL or FLUSHDB. */
export function sweep(command: WireCommand, key: string, product: number, effect: Effect): LockOp {
  return {
    deed: "release",
    effect,
    product,
    key,
    token: EVERYBODY,
    compared: false,
    ttlMs: null,
    found: null,
    command,
  };
}

/** True for what removes a lock without telling whether there was one. */
export function isSweep({ deed, command }: LockOp): boolean {
  return deed === "release" && command.words[0]?.startsWith("FLUSH") === true;
}
