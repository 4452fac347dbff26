import type { LockOp } from "../lock-log/lock-op.ts";

/**
 * What servers read in locks. An owner who looks before he releases, and sees
 * that his lock is gone, rightly sends nothing. A look names no owner, so each
 * speaks for one grant, and only in a shop that deletes no lock without looking:
 * elsewhere it is those who wait that read the lock.
 */
export class Looks {
  readonly #idle = new Map<string, Set<LockOp>>();
  readonly #looksFirst: boolean;

  /** @param ops in the order of sending */
  constructor(ops: readonly LockOp[]) {
    let looked = 0;
    let blind = 0;
    for (const op of ops) {
      const here = this.#idle.get(placeOf(op)) ?? new Set();
      this.#idle.set(placeOf(op), here);
      if (isLook(op)) here.add(op);
      if (!isPlainDeletion(op)) continue;
      const own = [...here].findLast((look) => isBefore(look, op));
      if (own === undefined) blind += 1;
      else {
        looked += 1;
        here.delete(own);
      }
    }
    this.#looksFirst = looked > 0 && blind === 0;
  }

  /** A look after this grant, by its server, that no longer found it there, and that speaks for no other; null: none. */
  takeGone(grant: LockOp): LockOp | null {
    const heardAt = grant.command.deliveredAt;
    if (!this.#looksFirst || heardAt === null) return null;
    const here = this.#idle.get(placeOf(grant)) ?? new Set();
    for (const look of here) {
      if (look.command.sentAt < heardAt || look.found === grant.token) continue;
      here.delete(look);
      return look;
    }
    return null;
  }
}

function placeOf({ product, command: { server, node } }: LockOp): string {
  return `${String(product)} ${String(server)} ${String(node)}`;
}

/** A script does not say what it read. */
function isLook(op: LockOp): boolean {
  return op.deed === "read" && op.effect === "yes" && op.command.deliveredAt !== null && !isScript(op);
}

function isScript({ command: { words } }: LockOp): boolean {
  return /^(EVAL|FCALL)/.test(words[0] ?? "");
}

function isPlainDeletion({ deed, command: { words } }: LockOp): boolean {
  return deed === "release" && (words[0] === "DEL" || words[0] === "UNLINK");
}

/** Whether a lock may have been deleted because of what this look found. */
function isBefore({ found, command }: LockOp, deletion: LockOp): boolean {
  const whose = deletion.token === null || found === deletion.token;
  return found !== null && whose && command.connection === deletion.command.connection;
}
