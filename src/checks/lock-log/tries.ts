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

/**
 * Sorts operations into tries. They must come in the order of sending, which is
 * certain on one node only: what is left of one try may be sent to a slow node
 * when the next has begun on the others.
 */
export function triesIn(ops: readonly LockOp[]): Try[] {
  const tries: Try[] = [];
  const owners = new Map<string, Try[]>();
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
    const own = owners.get(owner) ?? [];
    owners.set(owner, own);
    const asks = op.deed === "acquire" || op.deed === "overwrite";
    if (asks && (own.at(-1)?.released.length ?? 1) > 0) {
      const fresh = start(op, op.token);
      tries.push(fresh);
      own.push(fresh);
    }
    const attempt = op.deed === "release" ? givenUpBy(op, own) : own.at(-1);
    if (attempt === undefined) continue;
    note(op, attempt, place, granted);
    if (asks && op.effect !== "no") granted.set(here, (granted.get(here) ?? new Set()).add(attempt));
  }
  return tries;
}

/**
 * Which of an owner's tries a release gives up: of those that asked this node
 * and have not been given up there, one that is being given up elsewhere, else
 * the last.
 */
function givenUpBy({ command: { node } }: LockOp, own: readonly Try[]): Try | undefined {
  const last = own.at(-1);
  // Only an owner whose last two tries overlap leaves any doubt.
  const open = own.slice(-2).filter((attempt) => isOn(attempt.asked, node) && !isOn(attempt.released, node));
  return open.find(({ released }) => released.length > 0) ?? open.at(-1) ?? last;
}

function isOn(ops: readonly LockOp[], node: number): boolean {
  return ops.some(({ command }) => command.node === node);
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

/** What a try did on each node to have the lock, in the order of sending. */
export function takenByNode({ asked, extended }: Try): Map<number, LockOp[]> {
  const nodes = new Map<number, LockOp[]>();
  for (const op of [...asked, ...extended].sort((a, b) => a.command.sentAt - b.command.sentAt)) {
    const ops = nodes.get(op.command.node);
    if (ops === undefined) nodes.set(op.command.node, [op]);
    else ops.push(op);
  }
  return nodes;
}
