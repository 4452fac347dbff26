import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ShopLedger } from "../../src/server/ledger/ledger.ts";
import { SqliteLedger } from "../../src/server/ledger/sqlite-ledger.ts";
import type { Hold } from "../../src/server/locks/lock.ts";
import { type GuardTools, type ShopTools, soundParts } from "../../src/server/parts.ts";
import type { Stock, StockRepairs, TakeResult } from "../../src/server/stock/stock.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { buy, post, stampede, tally } from "./support/buyers.ts";
import { createWorld, until, type World } from "./support/world.ts";

type ShopStock = Stock & StockRepairs;

const lock = "redlock-manual";
let world: World;
beforeEach(async () => {
  world = await createWorld(2);
});
afterEach(() => world.end());

/** What each node, and then the database, says is left of a product. */
async function left(product = "1"): Promise<(number | null)[]> {
  const said = await Promise.all(world.nodes.map(({ client }) => client.get(`stock:${product}`)));
  const [row] = world.sql<{ stock: number }>("SELECT stock FROM products WHERE id = ?", product);
  return [...said.map((units) => (units === null ? null : Number(units))), row?.stock ?? null];
}

function everywhere(units: number): number[] {
  return [...world.nodes.map(() => units), units];
}

function untilAllSay(units: number, product = "1"): Promise<void> {
  const wanted = JSON.stringify(everywhere(units));
  return until(`all say ${wanted}`, async () => JSON.stringify(await left(product)) === wanted);
}

/** A sale that a server that is no more wrote on some nodes: 2 of 5 units. */
async function unfinished(sale: string, places: readonly number[]): Promise<void> {
  for (const place of places) {
    await world.nodes[place]?.client.mset("stock:1", 3, "version:1", `4 0 ${sale} 2`, "fence:lock:stock:1", 4);
  }
}

function recordSale(sale: string): void {
  const ledger = new SqliteLedger(world.database);
  const lines = [{ product: "1", quantity: 2, remaining: 3, fencingToken: 4 }];
  const terms = { fences: [4], bases: [0], leaseHolds: () => true };
  ledger.record({ sale, buyer: "ann", key: null, lines, arrivedAtNs: "1", grantedAtNs: "2" }, terms);
  ledger.close();
}

describe("a quorum of nodes", () => {
  it("sells every unit once, whichever of two processes is asked, with tokens that rise", async () => {
    const [one, other] = await Promise.all([world.process({ lock }), world.process({ lock })]);
    await world.seed({ "1": 20 });
    expect(tally(await stampede([one.url, other.url], 60))).toEqual({ sold: 20, sold_out: 40 });
    await untilAllSay(0);
    const rows = world.sql<{ token: number; remaining: number }>(
      "SELECT fencing_token AS token, remaining FROM purchases ORDER BY id",
    );
    expect(rows.map(({ remaining }) => remaining)).toEqual(Array.from({ length: 20 }, (_, n) => 19 - n));
    const tokens = rows.map(({ token }) => token);
    expect([...new Set(tokens)].sort((a, b) => a - b)).toEqual(tokens);
  });

  it("sells a basket whole, under locks that all show the same owner", async () => {
    const owners: string[] = [];
    const stock = (tools: GuardTools): ShopStock =>
      around(soundParts.stock(tools), (take, holds) => {
        owners.push(...holds.map(({ token }) => token));
        return take();
      });
    const { url } = await world.shop({ lock, parts: { stock } });
    await world.seed({ "1": 5, "2": 5 });
    const items = [{ product: "2" }, { product: "1" }, { product: "2" }];
    expect((await post(url, { buyer: "ann", items })).status).toBe(201);
    expect(owners).toHaveLength(2);
    expect(new Set(owners).size).toBe(1);
    await untilAllSay(4);
    await untilAllSay(3, "2");
  });

  it("leaves no lock behind, on no node", async () => {
    const { url } = await world.shop({ lock, lockTtlMs: 60_000 });
    await world.seed({ "1": 3 });
    await stampede([url], 8);
    const locks = (): Promise<number[]> => Promise.all(world.nodes.map(({ client }) => client.exists("lock:stock:1")));
    await until("all are released", async () => (await locks()).every((held) => held === 0));
  });
});

describe("a sale on a quorum of nodes", () => {
  it("that the ledger refuses has never been on a node", async () => {
    const ledger = (): SqliteLedger => new RefusingLedger(world.database);
    const { url } = await world.shop({ lock, parts: { ledger } });
    await world.seed({ "1": 5 });
    expect((await buy(url, "ann")).body.outcome).toBe("unavailable");
    expect(await left()).toEqual(everywhere(5));
    for (const { client } of world.nodes) expect(await client.get("version:1")).toBeNull();
  });

  it("of which no node was told is known to the next owner, and then to all of them", async () => {
    const stock = (tools: GuardTools): ShopStock => ({ ...around(soundParts.stock(tools)), confirm: dies });
    const dying = await world.shop({ lock, lockTtlMs: 300, parts: { stock } });
    const other = await world.shop({ lock, lockTtlMs: 300 });
    await world.seed({ "1": 5 });
    expect((await buy(dying.url, "ann")).body.remaining).toBe(4);
    expect(await left("1")).toEqual([...world.nodes.map(() => 5), 4]);
    expect((await buy(other.url, "bob")).body.remaining).toBe(3);
    await untilAllSay(3);
  });
});

describe("nodes that fail", () => {
  it("do not stop the sale while a quorum is left, and are told what they missed when they wake up", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 50 });
    const [, , frozen] = world.nodes;
    process.kill(frozen?.pid ?? 0, "SIGSTOP");
    expect(tally(await stampede([url], 20))).toEqual({ sold: 20 });
    process.kill(frozen?.pid ?? 0, "SIGCONT");
    await untilAllSay(30);
    expect((await buy(url, "ann")).body.remaining).toBe(29);
  });

  it("stop the sale when no quorum is left, and nothing is lost", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    for (const { pid } of world.nodes.slice(1)) process.kill(pid, "SIGSTOP");
    const answers = await stampede([url], 5);
    expect(tally(answers)).toEqual({ unavailable: 5 });
    expect((await fetch(`${url}/health`)).status).toBe(503);
    for (const { pid } of world.nodes.slice(1)) process.kill(pid, "SIGCONT");
    await until("it sells again", async () => (await buy(url, "eve")).status === 201);
    await untilAllSay(4);
  });

  it("and come back empty get the stock back, and grant no lock for a lease", async () => {
    const { url } = await world.shop({ lock, lockTtlMs: 60_000 });
    await world.seed({ "1": 5 });
    expect((await buy(url, "ann")).status).toBe(201);
    await world.restart(2);
    await untilAllSay(4);
    expect(await world.nodes[2]?.client.pttl("quarantine:lock:stock:1")).toBeGreaterThan(0);
    expect((await buy(url, "bob")).body.remaining).toBe(3);
    await untilAllSay(3);
  });

  it("and come back with what they once knew are brought up to date", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    await stampede([url], 2);
    await untilAllSay(3);
    const [, , stale] = world.nodes;
    await stale?.client.mset("stock:1", 5, "version:1", "0 0 - 0", "fence:lock:stock:1", 0);
    await stale?.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await untilAllSay(3);
  });

  it("and come back empty in a majority are filled from the ledger, which shuts out every sale under way", async () => {
    const { url } = await world.shop({ lock, lockTtlMs: 300 });
    await world.seed({ "1": 5 });
    expect((await buy(url, "ann")).status).toBe(201);
    await Promise.all([world.restart(1), world.restart(2)]);
    await untilAllSay(4);
    const next = await buy(url, "bob");
    expect([next.body.outcome, next.body.remaining]).toEqual(["sold", 3]);
    expect(next.body.fencingToken).toBeGreaterThan(1_000_000);
    await untilAllSay(3);
  });

  it("and know less than the ledger turn no buyer away: the ledger holds", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    world.exec("UPDATE products SET stock = 4, fence = 1000000");
    const next = await buy(url, "bob");
    expect([next.body.outcome, next.body.remaining]).toEqual(["sold", 3]);
    expect(next.body.fencingToken).toBe(1_000_001);
    await untilAllSay(3);
  });

  it("are filled by one server only, when two find that most of them are empty", async () => {
    const other = new SqliteLedger(world.database);
    let leaps = 0;
    const ledger = (tools: ShopTools): ShopLedger => {
      const own = soundParts.ledger(tools);
      const fenceOff = own.fenceOff.bind(own);
      own.fenceOff = (product, seen) => {
        leaps += 1;
        if (leaps === 1) other.fenceOff(product, seen);
        return fenceOff(product, seen);
      };
      return own;
    };
    const { url } = await world.shop({ lock, lockTtlMs: 300, parts: { ledger } });
    await world.seed({ "1": 5 });
    await Promise.all([world.restart(1), world.restart(2)]);
    // The other server dies before it has written anything: then it is this one's turn.
    await untilAllSay(5);
    expect(leaps).toBe(2);
    expect((await buy(url, "bob")).body).toMatchObject({ outcome: "sold", remaining: 4 });
    other.close();
  });
});

describe("a sale that its seller did not finish", () => {
  it.each([
    ["on a majority", [0, 1]],
    ["on one node", [0]],
  ])("and that the ledger does not have is undone by the next buyer: %s", async (_where, places) => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    await unfinished("dead-1", places);
    // Only the nodes that know of it can make up the quorum, with one other.
    const answer = await buy(url, "bob");
    expect([answer.body.outcome, answer.body.remaining]).toEqual(["sold", 4]);
    await untilAllSay(4);
    expect(() => recordSale("dead-1")).toThrow();
  });

  it("and that the ledger has is completed by the next buyer", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    await unfinished("dead-1", [0, 1]);
    recordSale("dead-1");
    const answer = await buy(url, "bob");
    expect([answer.body.outcome, answer.body.remaining]).toEqual(["sold", 2]);
    await untilAllSay(2);
  });

  it("is settled at the next start, whether anybody buys or not", async () => {
    await world.shop({ lock });
    await world.seed({ "1": 5 });
    await unfinished("dead-1", [1, 2]);
    await world.shop({ lock });
    expect(await left()).toEqual(everywhere(5));
  });

  it("because it was killed leaves no half-sold basket", async () => {
    const first = await world.process({ lock, lockTtlMs: 300 });
    await world.seed({ "1": 1000, "2": 1000 });
    const basket = [{ product: "1" }, { product: "2" }];
    const burst = Array.from({ length: 200 }, (_, n) => post(first.url, { buyer: `b${String(n)}`, items: basket }));
    const all = Promise.allSettled(burst);
    await until("it sells", () => world.sql("SELECT id FROM purchases LIMIT 9").length > 8);
    first.kill("SIGKILL");
    await Promise.all([first.gone, all]);
    await world.process({ lock, lockTtlMs: 300 });
    const [count] = world.sql<{ sales: number; rows: number }>(
      "SELECT count(DISTINCT sale) AS sales, count(*) AS rows FROM purchases",
    );
    expect(count?.rows).toBe(2 * (count?.sales ?? 0));
    for (const product of ["1", "2"]) expect(await left(product)).toEqual(everywhere(1000 - (count?.sales ?? 0)));
  });

  it("because it was paused past its lease is refused when it goes on", async () => {
    let [taken, awake] = [false, false];
    const stock = (tools: GuardTools): ShopStock =>
      around(soundParts.stock(tools), async (take) => {
        const result = await take();
        taken = true;
        await until("the seller is awake", () => awake);
        return result;
      });
    const ledger = (): SqliteLedger => new HeedlessLedger(world.database);
    const paused = await world.shop({ lock, lockTtlMs: 300, parts: { ledger, stock } });
    const other = await world.shop({ lock, lockTtlMs: 300 });
    await world.seed({ "1": 5 });
    const late = buy(paused.url, "late");
    await until("the units are taken", () => taken);
    expect((await buy(other.url, "ann")).body.remaining).toBe(4);
    awake = true;
    expect((await late).body.outcome).toBe("busy");
    await untilAllSay(4);
  });
});

/** Writes whatever the lease says: only the fencing is left to stop it. */
class HeedlessLedger extends SqliteLedger {
  override record(...[sale, terms]: Parameters<SqliteLedger["record"]>): void {
    super.record(sale, { ...terms, leaseHolds: () => true });
  }
}

class RefusingLedger extends SqliteLedger {
  override record(): void {
    throw new Unavailable("the ledger writes nothing");
  }
}

/** In the place of telling the nodes of a sale. */
function dies(): Promise<void> {
  return Promise.resolve();
}

/** A stock in which something else happens before or after the units are taken. */
function around(
  stock: ShopStock,
  work: (take: () => Promise<TakeResult>, holds: readonly Hold[]) => Promise<TakeResult> = (take) => take(),
): ShopStock {
  return {
    read: (products) => stock.read(products),
    take: (taking, holds) => work(() => stock.take(taking, holds), holds),
    confirm: (taking) => stock.confirm(taking),
    giveBack: (taking) => stock.giveBack(taking),
    raiseFence: (product, fence) => stock.raiseFence(product, fence),
    refill: (product, units, fence) => stock.refill(product, units, fence),
    forget: (product) => stock.forget(product),
  };
}

it("the ledger refuses who does not know of the last sale, though his token is higher", async () => {
  const ledger = new SqliteLedger(world.database);
  await world.seed({ "1": 5 });
  const sell = (sale: string, token: number, basis: number): void => {
    const lines = [{ product: "1", quantity: 1, remaining: 4, fencingToken: token }];
    const terms = { fences: [token], bases: [basis], leaseHolds: () => true };
    ledger.record({ sale, buyer: "ann", key: null, lines, arrivedAtNs: "1", grantedAtNs: "2" }, terms);
  };
  sell("a-1", 3, 0);
  expect(() => sell("b-1", 7, 2)).toThrow("older");
  expect(ledger.lastWritten("1")).toBe("a-1");
  sell("c-1", 7, 3);
  expect([ledger.lastWritten("1"), ledger.lastWritten("2")]).toEqual(["c-1", undefined]);
  ledger.close();
  expect(world.sql("SELECT sale FROM purchases")).toHaveLength(2);
});
