import type { LockOp } from "./lock-op.ts";

/** An owner's token that its own server read in the lock: perhaps he is about to give it up. */
interface Reading {
  readonly token: string;
  readonly at: number;
  readonly connection: number;
  /** True when the server has been granted the lock again since. */
  contested: boolean;
  /** True when the same connection found nothing there since. */
  stale: boolean;
}

/** What one server read in one lock on one node. */
interface Place {
  readonly granted: Set<string>;
  readonly reads: Map<string, number>;
  pending: Reading[];
}

interface Claim {
  readonly op: LockOp;
  readonly server: number;
  readonly token: string;
  readonly contested: boolean;
  readonly reads: number;
}

/**
 * Whose a DEL is that names no token: a client that reads a lock and then
 * deletes it acts for what it read. Each reading stands for one DEL. Where the
 * lock was granted to the same server in between, the DEL may as well be of
 * that later owner, who read nothing: there the reading counts only if each DEL
 * of this server came after a reading of its own, and if this token was read once.
 * @param ops in the order of sending
 */
export function ownersByReading(ops: readonly LockOp[]): ReadonlyMap<LockOp, string> {
  const places = new Map<string, Place>();
  const blind = new Set<number>();
  const claims: Claim[] = [];
  for (const op of ops) {
    const { server, node } = op.command;
    const name = `${String(server)} ${String(node)} ${op.key}`;
    const place = places.get(name) ?? { granted: new Set(), reads: new Map(), pending: [] };
    places.set(name, place);
    if (op.deed === "read") noteReading(op, place);
    else if (op.deed === "acquire" || op.deed === "overwrite") noteGrant(op, place);
    else if (op.token !== null) place.pending = place.pending.filter(({ token }) => token !== op.token);
    else {
      const claim = claimed(op, place);
      if (claim === "blind") blind.add(server);
      else if (claim !== null) claims.push(claim);
    }
  }
  const sure = claims.filter(({ contested, server, reads }) => !contested || (!blind.has(server) && reads === 1));
  return new Map(sure.map(({ op, token }) => [op, token]));
}

function noteReading({ found, command: { words, connection, deliveredAt } }: LockOp, place: Place): void {
  // A script does not say what it read.
  if (words[0]?.startsWith("EVAL") === true) return;
  if (found === null || deliveredAt === null) {
    for (const reading of place.pending) if (reading.connection === connection) reading.stale = true;
    return;
  }
  if (!place.granted.has(found)) return;
  place.reads.set(found, (place.reads.get(found) ?? 0) + 1);
  place.pending.push({ token: found, at: deliveredAt, connection, contested: false, stale: false });
}

function noteGrant({ token, effect }: LockOp, place: Place): void {
  if (effect === "no" || token === null) return;
  place.granted.add(token);
  for (const reading of place.pending) reading.contested = true;
}

/** "blind": nobody of this server has read the lock before. */
function claimed(op: LockOp, place: Place): Claim | "blind" | null {
  const { server, connection, sentAt } = op.command;
  const before = place.pending.filter(({ at }) => at <= sentAt);
  const mine = before.find((reading) => reading.connection === connection) ?? before[0];
  if (mine === undefined) return op.deed === "release" ? "blind" : null;
  const { token, contested } = mine;
  const alone = before.every((reading) => reading.token === token);
  if (op.deed === "release") place.pending = place.pending.filter((reading) => reading.token !== token);
  if (!alone || mine.stale || mine.connection !== connection) return null;
  return { op, server, token, contested, reads: place.reads.get(token) ?? 0 };
}
