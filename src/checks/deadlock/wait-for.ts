import { interleaving, lockMoment } from "../lock-log/interleaving.ts";
import { ownerName } from "../lock-log/holds.ts";
import { type LockStory, storyOf, type TappedCase } from "../lock-log/lock-story.ts";
import { type Waiting, ownersIn } from "./owners.ts";

/** What the wire says of owners who wait for each other in a circle. */
export interface CycleFinding {
  /** The interleaving of a circle; null when there was none. */
  readonly cycle: readonly string[] | null;
  /**
   * The interleaving of two owners who each kept asking for a second lock while
   * holding a first, in opposite order, though not at the same time: the next
   * run may find them at once. null when nobody did.
   */
  readonly inversion: readonly string[] | null;
  /** How many owners held one lock while they kept asking for another. */
  readonly waiting: number;
  /** Why the wire cannot tell; null when it can. */
  readonly unclear: string | null;
}

/**
 * Looks for a circle in the wait-for graph: owners, which are tokens, that
 * certainly hold one lock and keep being refused another. Locks that are taken
 * under a token each cannot be tied to one owner, and a lock that queues its
 * waiters refuses nobody: of such shops the wire tells nothing here.
 */
export function findCycle(run: TappedCase): CycleFinding {
  const nothing = { cycle: null, inversion: null, waiting: 0 };
  if (run.wire.lost.length > 0)
    return { ...nothing, unclear: "connections between servers and Redis could not be followed" };
  const story = storyOf(run);
  const [opaque] = story.log.opaque;
  if (opaque !== undefined)
    return { ...nothing, unclear: `what touched a lock key could not be understood: ${opaque}` };
  const { several, waits } = ownersIn(story);
  if (several === 0) return { ...nothing, unclear: "no token asked for more than one lock, so no owner is known" };
  const owners = new Set(waits.map(({ owner }) => owner));
  return { cycle: cycleIn(waits, story), inversion: inversionIn(waits), waiting: owners.size, unclear: null };
}

interface Turn {
  readonly at: number;
  readonly begins: boolean;
  readonly wait: Waiting | null;
  readonly hold: { readonly owner: string; readonly product: number } | null;
}

/** Goes through time; whenever a hold or a wait begins, the chain of who waits for whom is followed from there. */
function cycleIn(waits: readonly Waiting[], { holds }: LockStory): readonly string[] | null {
  const turns: Turn[] = [];
  for (const wait of waits) {
    turns.push(
      { at: wait.span.from, begins: true, wait, hold: null },
      { at: wait.span.to, begins: false, wait, hold: null },
    );
  }
  for (const { attempt, certain } of holds) {
    const hold = { owner: ownerName(attempt), product: attempt.product };
    for (const { from, to } of certain) {
      turns.push({ at: from, begins: true, wait: null, hold }, { at: to, begins: false, wait: null, hold });
    }
  }
  turns.sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
  const holder = new Map<number, string>();
  const waiting = new Map<string, Set<Waiting>>();
  for (const { begins, wait, hold } of turns) {
    if (wait !== null) {
      const mine = waiting.get(wait.owner) ?? new Set();
      waiting.set(wait.owner, mine);
      if (begins) mine.add(wait);
      else mine.delete(wait);
    } else if (hold !== null && begins) holder.set(hold.product, hold.owner);
    else if (hold !== null && holder.get(hold.product) === hold.owner) holder.delete(hold.product);
    const start = wait?.owner ?? hold?.owner;
    const circle = begins && start !== undefined ? follow(start, start, holder, waiting, new Set()) : null;
    if (circle !== null)
      return interleaving(circle.flatMap(({ grants, refusals }) => [...grants, ...refusals].map(lockMoment)));
  }
  return null;
}

/** The waits that lead from one owner back to another; null when none do. */
function follow(
  from: string,
  goal: string,
  holder: ReadonlyMap<number, string>,
  waiting: ReadonlyMap<string, ReadonlySet<Waiting>>,
  seen: Set<string>,
): readonly Waiting[] | null {
  seen.add(from);
  for (const wait of waiting.get(from) ?? []) {
    const next = holder.get(wait.product);
    if (next === undefined || next === from) continue;
    if (next === goal) return [wait];
    const rest = seen.has(next) ? null : follow(next, goal, holder, waiting, seen);
    if (rest !== null) return [wait, ...rest];
  }
  return null;
}

/** Two owners who waited for each other's kind of lock the other way round. */
function inversionIn(waits: readonly Waiting[]): readonly string[] | null {
  const orders = new Map<string, Waiting>();
  for (const wait of waits) {
    for (const held of wait.held) {
      const opposite = orders.get(`${String(wait.product)} ${String(held)}`);
      if (opposite !== undefined && opposite.owner !== wait.owner) {
        return interleaving(
          [opposite, wait].flatMap(({ grants, refusals }) => [...grants, ...refusals].map(lockMoment)),
        );
      }
      orders.set(`${String(held)} ${String(wait.product)}`, wait);
    }
  }
  return null;
}
