import { seededRandom } from "../../src/domain/random.ts";
import type { WireReply } from "../../src/domain/wire.ts";
import { type Fault, FREE, TAKE, WRITE, Wire, kill, lockKey, stockKey } from "./wires.ts";

/** How the simulated owners go about it. The sound ones have every one of these habits. */
export interface Habits {
  /** A release looks whose lock it is. */
  readonly compares: boolean;
  readonly quorum: number;
  /** Nothing is written after the lease, and nodes refuse whoever is not the owner. */
  readonly minds: boolean;
  /** A token for each owner, or one for all owners of a server. */
  readonly ownToken: boolean;
  /** A failed try is given up on all nodes, or only where it was known to be granted. */
  readonly releasesAll: boolean;
  /** A node that has lost its memory grants nothing for one lease. */
  readonly quarantines: boolean;
}

export const SOUND: Habits = {
  compares: true,
  quorum: 3,
  minds: true,
  ownToken: true,
  releasesAll: true,
  quarantines: true,
};

/** What the flaws really did, as only the simulation can know. */
export interface Damage {
  /** Releases that removed the lock of another server. */
  struck: number;
  /** Releases, and requests in vain, that met the lock of another owner under the same token. */
  shared: number;
  /** Writes that took effect on a node after somebody else had been granted its lock. */
  trespassed: number;
  /** Writes that took effect on three nodes while somebody else had a majority. */
  grave: number;
  /** Writes by owners without a majority while another had one. */
  minority: number;
  /** Grants for which no release was sent before their owner was granted the lock anew, though server and node lived. */
  leaked: number;
  /** Owners who began to work while another was at work within his lease. */
  together: number;
}

export interface Schedule {
  readonly wire: Wire;
  readonly faults: readonly Fault[];
  readonly damage: Damage;
}

const NODES = 5;
const SERVERS = 2;
const LEASE = 40;
const DRIFT = LEASE * 0.01 + 2;

interface Owner {
  readonly server: number;
  readonly name: string;
  readonly token: string;
}

interface Asked {
  readonly owner: Owner;
  readonly node: number;
  /** NaN: not granted. */
  grantedAt: number;
  /** True when its lease ran out before its owner was granted the lock again: no later release is for it. */
  over: boolean;
}

interface Node {
  /** Who was granted the lock last, whether he still has it or not. */
  last: Owner | null;
  held: { readonly owner: Owner; readonly until: number } | null;
  downFrom: number;
  upAgain: number;
}

/** Half of the schedules have servers whose connections are busy: there much is only seen out of order. */
export function isBusy(seed: number): boolean {
  return seed % 2 === 1;
}

/** A cluster in which time passes only from one event to the next. */
class Simulation {
  readonly wire = new Wire();
  readonly damage: Damage = { struck: 0, shared: 0, trespassed: 0, grave: 0, minority: 0, leaked: 0, together: 0 };
  readonly faults: Fault[] = [];
  readonly #random: () => number;
  readonly #habits: Habits;
  readonly #agenda: { at: number; act: () => void }[] = [];
  readonly #nodes: Node[];
  readonly #ways = new Map<string, { sent: number; there: number; back: number }>();
  readonly #crashAt: number[];
  readonly #splitFrom: number;
  readonly #asked = new Set<Asked>();
  /** Who is at work, and since when he has asked for the lock. */
  readonly #working = new Map<Owner, number>();
  /** Whether commands leave late and out of step. */
  readonly #busy: boolean;
  #now = 0;

  constructor(seed: number, habits: Habits) {
    this.#random = seededRandom(seed);
    this.#busy = isBusy(seed);
    this.#habits = habits;
    this.#nodes = Array.from({ length: NODES }, () => ({
      last: null,
      held: null,
      downFrom: Infinity,
      upAgain: Infinity,
    }));
    this.#splitFrom = this.#random() < 0.4 || habits.quorum < 3 ? this.#between(0, 60) : Infinity;
    this.#crashAt = Array.from({ length: SERVERS }, () => (this.#random() < 0.15 ? this.#between(20, 120) : Infinity));
    this.#crashAt.forEach((at, server) => {
      if (at < Infinity) this.faults.push({ action: kill({ servers: [server] }), injected: at, healed: 9000 });
    });
    if (this.#random() < 0.4) this.#loseNode(Math.floor(this.#between(0, NODES)), this.#between(10, 90));
    // One node that forgets is seldom enough for a second owner: most nodes had granted the first his lock.
    const allAt = habits.quarantines ? Infinity : this.#between(10, 60);
    if (allAt < Infinity) for (const node of [0, 1, 2]) this.#loseNode(node, allAt, 1);
  }

  run(): void {
    for (let owner = 0; owner < 8; owner += 1) {
      const server = owner % SERVERS;
      const name = `${String(server)}:${String(owner)}`;
      const token = this.#habits.ownToken ? name : `server-${String(server)}`;
      this.#at(this.#between(0, 60), () => this.#attempt({ server, name, token }, 4));
    }
    for (let next = this.#agenda.shift(); next !== undefined; next = this.#agenda.shift()) {
      this.#now = next.at;
      next.act();
    }
    for (const { owner, node, grantedAt } of this.#asked) {
      const died = (this.#nodes[node]?.downFrom ?? 0) > grantedAt && this.#nodes[node]?.downFrom !== Infinity;
      if (!Number.isNaN(grantedAt) && !died && this.#crashAt[owner.server] === Infinity) this.damage.leaked += 1;
    }
  }

  #loseNode(place: number, at: number, away = this.#between(1, 20)): void {
    const node = this.#nodes[place];
    if (node === undefined) return;
    const back = at + away;
    // A node that has lost its memory grants nothing for one lease.
    Object.assign(node, { downFrom: at, upAgain: back + LEASE });
    this.#at(at, () => (node.held = null));
    this.faults.push({ action: kill({ nodes: [place] }), injected: at, healed: back });
  }

  #attempt(owner: Owner, left: number): void {
    const start = this.#now;
    const granted = new Set<number>();
    let [replies, decided] = [0, false];
    const decide = (got: boolean): void => {
      if (decided) return;
      decided = true;
      const inTime = this.#now - start < LEASE - DRIFT;
      if (got && (inTime || !this.#habits.minds)) this.#work(owner, start, granted);
      else this.#giveUp(owner, this.#habits.releasesAll ? null : granted, left);
    };
    for (let node = 0; node < NODES; node += 1) {
      this.#send(owner, node, "take", (reply) => {
        replies += 1;
        if (reply === 1) granted.add(node);
        if (granted.size >= this.#habits.quorum) decide(true);
        else if (replies === NODES) decide(false);
      });
    }
    this.#at(start + 12, () => decide(false));
  }

  #giveUp(owner: Owner, nodes: ReadonlySet<number> | null, left: number): void {
    this.#release(owner, nodes);
    if (left > 0) this.#at(this.#now + this.#between(1, 8), () => this.#attempt(owner, left - 1));
  }

  #work(owner: Owner, start: number, granted: ReadonlySet<number>): void {
    for (const [other, since] of this.#working) {
      if (!this.#crashed(other) && this.#now < since + LEASE) this.damage.together += 1;
    }
    this.#working.set(owner, start);
    const pause = this.#random() < 0.15 ? this.#between(LEASE / 2, 2 * LEASE) : this.#between(0.5, 5);
    this.#at(this.#now + pause, () => {
      const valid = this.#now - start < LEASE - DRIFT;
      if (valid || !this.#habits.minds) this.#write(owner, granted);
      this.#at(this.#now + this.#between(2, 5), () => {
        this.#working.delete(owner);
        this.#release(owner, null);
      });
    });
  }

  #write(owner: Owner, granted: ReadonlySet<number>): void {
    let against = 0;
    for (let node = 0; node < NODES; node += 1) {
      this.#send(
        owner,
        node,
        "write",
        () => undefined,
        (last) => {
          if (last !== null && last.name !== owner.name) this.damage.trespassed += 1;
          if (!this.#majority(owner)) return;
          against += 1;
          if (against === 3) this.damage.grave += 1;
          if (granted.size < 3) this.damage.minority += 1;
        },
      );
    }
  }

  #majority(not: Owner): boolean {
    const names = this.#nodes.flatMap(({ held }) => (held !== null && held.until > this.#now ? [held.owner.name] : []));
    return names.some((name) => name !== not.name && names.filter((other) => other === name).length >= 3);
  }

  #release(owner: Owner, nodes: ReadonlySet<number> | null): void {
    for (let node = 0; node < NODES; node += 1) {
      if (nodes === null || nodes.has(node)) this.#send(owner, node, "free", () => undefined);
    }
  }

  /** Commands of one server to one node arrive in order, and so do their replies. */
  #send(
    owner: Owner,
    place: number,
    kind: "take" | "free" | "write",
    replied: (reply: WireReply) => void,
    written: (last: Owner | null) => void = () => undefined,
  ): void {
    if (this.#crashed(owner)) return;
    const way = `${String(owner.server)} ${String(place)}`;
    const before = this.#ways.get(way) ?? { sent: 0, there: 0, back: 0 };
    // The stamp is from when it leaves its server, which a busy connection delays.
    const sent = this.#busy ? Math.max(before.sent, this.#now + this.#lag()) + 0.001 : this.#now;
    const there = Math.max(before.there, sent + this.#delay()) + 0.001;
    const back = Math.max(before.back, there + 0.02 + this.#delay()) + 0.001;
    this.#ways.set(way, { sent, there, back });
    // The partition cuts the first server off from the last nodes, and the second from the first.
    const cut = sent >= this.#splitFrom && (owner.server === 0 ? place >= 2 : place < 2);
    const lost = cut ? "held back" : this.#random() < 0.02 ? "reply" : undefined;
    const note = (reply: WireReply, how: typeof lost | "no reply"): void =>
      this.#note(owner, place, kind, reply, { sent, there, back, lost: how });
    const asked: Asked = { owner, node: place, grantedAt: Number.NaN, over: false };
    if (kind === "take") this.#asked.add(asked);
    for (const other of kind === "free" ? [...this.#asked] : []) {
      if (other.node === place && other.owner.name === owner.name && !other.over) this.#asked.delete(other);
    }
    if (cut) {
      note(null, "held back");
      return;
    }
    this.#at(there + 0.01, () => {
      const node = this.#nodes[place];
      if (node === undefined || (this.#now >= node.downFrom && this.#now < node.upAgain - LEASE)) {
        note(null, "no reply");
        return;
      }
      const holder = node.held !== null && node.held.until > this.#now ? node.held.owner : null;
      const reply = this.#execute(asked, node, kind, holder);
      if (kind === "write" && reply === 1) written(node.last);
      note(kind === "write" && !this.#habits.minds ? "OK" : reply, lost);
      if (lost === undefined) this.#at(back, () => (this.#crashed(owner) ? undefined : replied(reply)));
    });
  }

  #execute(asked: Asked, node: Node, kind: "take" | "free" | "write", holder: Owner | null): number {
    const { owner } = asked;
    if (kind === "write") return !this.#habits.minds || holder?.token === owner.token ? 1 : 0;
    const sharing = holder !== null && holder.token === owner.token && holder.name !== owner.name;
    if (sharing) this.damage.shared += 1;
    if (kind === "take") {
      const forgot = this.#now >= node.downFrom && this.#now < node.upAgain;
      if (holder !== null || (forgot && this.#habits.quarantines)) return 0;
      for (const other of this.#asked) {
        if (other.node !== asked.node || other.owner.name !== owner.name) continue;
        if (other.grantedAt + LEASE <= this.#now) other.over = true;
      }
      node.held = { owner, until: this.#now + LEASE };
      node.last = owner;
      asked.grantedAt = this.#now;
      return 1;
    }
    if (holder === null || (this.#habits.compares && holder.token !== owner.token)) return 0;
    if (holder.server !== owner.server) this.damage.struck += 1;
    node.held = null;
    return 1;
  }

  #note(
    { server, token, name }: Owner,
    node: number,
    kind: "take" | "free" | "write",
    reply: WireReply,
    {
      sent,
      there,
      back,
      lost,
    }: { sent: number; there: number; back: number; lost: "reply" | "no reply" | "held back" | undefined },
  ): void {
    const how = {
      at: sent,
      server,
      node,
      forwarded: there,
      replied: there + 0.02,
      took: back - sent,
      ...(lost === undefined ? {} : { lost }),
    };
    const [lock, stock] = [lockKey({}), stockKey({})];
    if (kind === "take") this.wire.script(TAKE, [lock], [token, LEASE], reply, how);
    else if (kind === "write" && this.#habits.minds) this.wire.script(WRITE, [stock, lock], [token, name], reply, how);
    else if (kind === "write") this.wire.send(["SET", stock, name], reply, how);
    else if (this.#habits.compares) this.wire.script(FREE, [lock], [token], reply, how);
    else this.wire.send(["DEL", lock], reply, how);
  }

  #crashed({ server }: Owner): boolean {
    return this.#now >= (this.#crashAt[server] ?? Infinity);
  }

  #at(at: number, act: () => void): void {
    let place = this.#agenda.length;
    while (place > 0 && (this.#agenda[place - 1]?.at ?? 0) > at) place -= 1;
    this.#agenda.splice(place, 0, { at, act });
  }

  #between(from: number, to: number): number {
    return from + this.#random() * (to - from);
  }

  #lag(): number {
    return this.#random() < 0.1 ? this.#between(0.5, 12) : this.#between(0, 0.1);
  }

  #delay(): number {
    return this.#random() < 0.05 ? this.#between(1, 30) : this.#between(0.05, 0.6);
  }
}

/** One random schedule: the same seed and habits always give the same. */
export function simulate(seed: number, habits: Habits = SOUND): Schedule {
  const simulation = new Simulation(seed, habits);
  simulation.run();
  return simulation;
}
