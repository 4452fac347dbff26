import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import { HeritableRedlock } from "../../src/server/locks/heritable-redlock.ts";
import { LibraryLock } from "../../src/server/locks/library-lock.ts";
import { LocalQueue } from "../../src/server/locks/local-queue.ts";
import type { Hold } from "../../src/server/locks/lock.ts";
import { QueuedLock } from "../../src/server/locks/queued-lock.ts";
import { QuorumWriter } from "../../src/server/quorum/quorum-writer.ts";
import { Readings } from "../../src/server/quorum/readings.ts";
import { RepairsDue } from "../../src/server/quorum/repairs-due.ts";
import { Settler } from "../../src/server/quorum/settler.ts";
import { QuorumStock } from "../../src/server/stock/quorum-stock.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { ledgerWith } from "./support/ledger.ts";
import { type SlowLink, startSlowLink } from "./support/slow-link.ts";

const NAME = "lock:stock:1";
/** How long a purchase takes under the lock, in ms: a turn is a few dozen of them. */
const PURCHASE_MS = 20;
const silent = (): void => undefined;
/** Every sale comes to something. */
const ledger = { ...ledgerWith(), voidUnlessRecorded: (sales: readonly string[]) => new Set(sales) };

let cluster: Cluster;
let wires: SlowLink[];
beforeEach(async () => {
  cluster = await startCluster(3);
  await cluster.set("stock:1", 1000);
  wires = [];
});
afterEach(async () => {
  await cluster.end();
  for (const wire of wires) await wire.end();
});

/** How to buy as in a process of its own, of which the nodes are so far away. */
async function shop(lockName: "library" | "manual", roundTripMs: number): Promise<(buyer: string) => Promise<void>> {
  const own = await Promise.all(cluster.servers.map(({ port }) => startSlowLink(port, roundTripMs)));
  wires.push(...own);
  const [first = "", ...others] = own.map(({ url }) => url);
  const nodes = await cluster.connect(500, [first, ...others]);
  const [due, background, leaseMs] = [new RepairsDue(), new Background(silent), 5000];
  const tools = { nodes, readings: new Readings({ nodes, settler: new Settler(ledger), due }), background, leaseMs };
  const bare = lockName === "library" ? new LibraryLock(tools) : new HeritableRedlock(tools);
  const lock = new QueuedLock(bare, new LocalQueue());
  const stock = new QuorumStock({ nodes, writer: new QuorumWriter(nodes), ledger, due, leaseMs });
  return async (buyer) => {
    const hold = await lock.acquire(NAME, performance.now() + 30_000, buyer, true);
    if (hold === null) throw new Error("the lock was not obtained");
    await sell(stock, hold, buyer.replace(":", "-"));
    await lock.release(hold);
  };
}

async function sell(stock: QuorumStock, hold: Hold, sale: string): Promise<void> {
  const taking = { sale, key: null, lines: [{ product: "1", quantity: 1 }] };
  expect((await stock.take(taking, [hold])).kind).toBe("taken");
  await sleep(PURCHASE_MS);
  void stock.confirm(taking);
}

it.each([
  ["library", 80, 28],
  ["manual", 26, 60],
] as const)("two processes that always want the %s lock of nodes that are %d ms away take turns", async (...of) => {
  const [lock, away, visits] = of;
  const shops = await Promise.all([shop(lock, away), shop(lock, away)]);
  const sold = [0, 0];
  let begun = 0;
  const buyers = shops.flatMap((buy, place) =>
    ["a", "b", "c"].map(async (name) => {
      while (begun < visits) {
        begun += 1;
        await buy(`${name}${String(place)}:${String(begun)}`);
        sold[place] = (sold[place] ?? 0) + 1;
      }
    }),
  );
  await Promise.all(buyers);
  // Those who had come when it was over are three on each side.
  expect(Math.min(...sold)).toBeGreaterThanOrEqual(7);
});
