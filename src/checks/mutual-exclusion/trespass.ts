import type { Held } from "../lock-log/holds.ts";
import { SpanIndex } from "../lock-log/span-index.ts";
import type { Span } from "../lock-log/spans.ts";
import type { Act } from "./acts.ts";

/** A write by somebody who did not hold the lock, against the turn of somebody who did. */
export interface Trespass {
  readonly act: Act;
  readonly kind: "lease expired under the holder" | "after its release" | "without a quorum" | "without the lock";
  /** Who held the lock, certainly, while it happened or since the writer's own lease was over. */
  readonly holder: Held;
  /** The writer's own last hold, where he ever had one. */
  readonly own: Held | undefined;
}

/** Finds such writes for one product. */
export class Watch {
  readonly #certain: SpanIndex<Held>;
  readonly #byToken: ReadonlyMap<string, SpanIndex<Held>>;
  readonly #byServer: ReadonlyMap<number, SpanIndex<Held>>;

  constructor(holds: readonly Held[]) {
    this.#certain = new SpanIndex(holds.flatMap((owner) => owner.certain.map((span) => ({ ...span, owner }))));
    this.#byToken = indexed(holds, ({ attempt }) => attempt.token);
    this.#byServer = indexed(holds, ({ attempt }) => attempt.server);
  }

  /**
   * Only what is certain counts: the writer cannot have held the lock by the
   * widest reading, from sending until the write had taken effect, and somebody
   * else held it by the narrowest.
   */
  trespass(act: Act): Trespass | undefined {
    const own = act.token === null ? this.#byServer.get(act.server) : this.#byToken.get(act.token);
    const others = ({ attempt }: Held): boolean =>
      act.token === null ? attempt.server !== act.server : attempt.token !== act.token;
    if (act.token !== null && own?.latestEnd(Infinity) === -Infinity) return this.#withoutQuorum(act, others);
    // A node that compared the token itself knows better than any lease.
    if (act.done === null || (act.checksOwner && act.token !== null)) return undefined;
    const mayCover = (held: Held): boolean => !askedAfterwards(held, act);
    if (own?.touches({ from: act.sentAt, to: act.done.to }, mayCover) === true) return undefined;
    const last = own?.lastBegun(act.sentAt);
    const kind = last === undefined ? "without the lock" : reasonOf(last, act);
    const holder = this.#certain.covering({ from: act.done.from, to: act.done.to }, others);
    if (holder !== undefined) return { act, kind, holder, own: last };
    if (kind !== "lease expired under the holder") return undefined;
    const ended = own?.latestEnd(act.sentAt) ?? act.sentAt;
    const between = this.#certain.within({ from: ended, to: act.sentAt }, others);
    return between === undefined ? undefined : { act, kind, holder: between, own: last };
  }

  /** Whoever never had a majority has nothing to write, not even on one node. */
  #withoutQuorum(act: Act, others: (held: Held) => boolean): Trespass | undefined {
    for (const { command } of act.effective) {
      const moment: Span = { from: command.forwardedAt ?? Number.NaN, to: command.repliedAt ?? Number.NaN };
      const holder = this.#certain.covering(moment, others);
      if (holder !== undefined) return { act, kind: "without a quorum", holder, own: undefined };
    }
    return undefined;
  }
}

/**
 * True when each node that may have granted this hold had the write first: a
 * node takes what comes on one connection in the order in which it was sent.
 */
function askedAfterwards({ attempt }: Held, { effective }: Act): boolean {
  return [...attempt.asked, ...attempt.extended].every(
    ({ effect, command }) =>
      effect === "no" ||
      effective.some(({ command: write }) => write.connection === command.connection && write.sentAt < command.sentAt),
  );
}

function reasonOf({ attempt }: Held, { sentAt }: Act): Trespass["kind"] {
  const gaveUp = attempt.released.some(({ command }) => command.sentAt < sentAt);
  return gaveUp ? "after its release" : "lease expired under the holder";
}

function indexed<Name>(holds: readonly Held[], nameOf: (held: Held) => Name): Map<Name, SpanIndex<Held>> {
  const named = new Map<Name, (Span & { readonly owner: Held })[]>();
  for (const owner of holds) {
    const spans = named.get(nameOf(owner)) ?? [];
    named.set(nameOf(owner), spans);
    for (const span of owner.possible) spans.push({ ...span, owner });
  }
  return new Map([...named].map(([name, spans]) => [name, new SpanIndex(spans)]));
}
