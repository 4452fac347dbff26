import type { LockOp } from "./lock-op.ts";

/**
 * One owner's way with one lock: from asking for it until giving it up. An
 * owner is a token of a server. Asking again after a release is another try.
 */
export interface Try {
  readonly product: number;
  readonly key: string;
  readonly token: string;
  readonly server: number;
  /** Acquisitions on any node, in the order of sending. */
  readonly asked: LockOp[];
  readonly extended: LockOp[];
  readonly released: LockOp[];
}

/** Sorts operations into tries. They must come in the order of sending. */
export function triesIn(ops: readonly LockOp[]): Try[] {
  const tries: Try[] = [];
  const current = new Map<string, Try>();
  /** The tries of each server for each product that may have been granted on each node: whom a command without a token may be for. */
  const granted = new Map<string, Set<Try>>();
  for (const op of ops) {
    if (op.deed === "read") continue;
    const place = `${String(op.command.server)} ${String(op.product)}`;
    const here = `${place} ${String(op.command.node)}`;
    if (op.token === null) {
      for (const attempt of [...(granted.get(here) ?? [])]) note(op, attempt, place, granted);
      continue;
    }
    const owner = `${place} ${op.token}`;
    let attempt = current.get(owner);
    const asks = op.deed === "acquire" || op.deed === "overwrite";
    if (asks && (attempt === undefined || attempt.released.length > 0)) {
      attempt = start(op, op.token);
      tries.push(attempt);
      current.set(owner, attempt);
    }
    if (attempt === undefined) continue;
    note(op, attempt, place, granted);
    if (asks && op.effect !== "no") granted.set(here, (granted.get(here) ?? new Set()).add(attempt));
  }
  return tries;
}

function start({ product, key, command }: LockOp, token: string): Try {
  return { product, key, token, server: command.server, asked: [], extended: [], released: [] };
}

function note(op: LockOp, attempt: Try, place: string, granted: ReadonlyMap<string, Set<Try>>): void {
  if (op.deed === "release") {
    attempt.released.push(op);
    // Given up on one node, it is given up: what is sent to the others later names no other owner.
    for (const { command } of attempt.asked) granted.get(`${place} ${String(command.node)}`)?.delete(attempt);
  } else if (op.deed === "extend") attempt.extended.push(op);
  else attempt.asked.push(op);
}
