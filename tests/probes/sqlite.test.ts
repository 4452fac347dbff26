import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { sqlitePurchaseProbe, sqliteStockProbe } from "../../src/probes/sqlite.ts";
import { temporaryFolder } from "../support/folders.ts";
import { probeTarget } from "../support/probe-target.ts";

function shop() {
  const data = temporaryFolder();
  const database = new Database(join(data, "shop.db"));
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE products (id TEXT, stock INTEGER); INSERT INTO products VALUES ('1', 5)");
  database.exec("CREATE TABLE orders (n INTEGER PRIMARY KEY, user_id TEXT, product TEXT)");
  return { database, target: probeTarget({ folder: data, variables: { data } }) };
}

describe("the SQLite probes", () => {
  it("read the stock of one product with the scenario's query", async () => {
    const { target } = shop();
    const query = "SELECT stock FROM products WHERE id = :product";
    const probe = sqliteStockProbe({ kind: "sqlite", name: "database", file: "${data}/shop.db", query }, target);
    expect(await probe.read("1")).toEqual([{ source: "database", units: 5, said: "5" }]);
    expect(await probe.read("2")).toEqual([{ source: "database", units: null, said: "no such row" }]);
    await probe.close();
  });

  it("read rows that the shop commits while the probe is open, in commit order", async () => {
    const { database, target } = shop();
    const query = "SELECT n AS id, user_id AS buyer FROM orders ORDER BY n;";
    const probe = sqlitePurchaseProbe({ kind: "sqlite", file: "shop.db", query }, target, "1");
    expect(await probe.count()).toBe(0);
    database.exec("INSERT INTO orders VALUES (1, 'buyer-4', '1'), (2, 'buyer-2', '1')");
    expect(await probe.count()).toBe(2);
    const rows = [];
    for await (const row of probe.rows()) rows.push(row);
    expect(rows).toMatchObject([
      { id: "1", buyer: "buyer-4", product: "1", quantity: 1 },
      { id: "2", buyer: "buyer-2" },
    ]);
    await probe.close();
  });

  it("cannot write, whatever the query says", async () => {
    const { target, database } = shop();
    const query = "DELETE FROM products RETURNING stock";
    const probe = sqliteStockProbe({ kind: "sqlite", name: "database", file: "shop.db", query }, target);
    await expect(probe.read("1")).rejects.toThrow(/readonly/);
    expect(database.prepare("SELECT count(*) FROM products").pluck().get()).toBe(1);
  });

  it("name the file when there is no database yet", () => {
    const target = probeTarget({ folder: temporaryFolder() });
    const plan = { kind: "sqlite", name: "database", file: "nowhere.db", query: "SELECT 1" } as const;
    expect(() => sqliteStockProbe(plan, target)).toThrow(/cannot open .*nowhere\.db/);
  });

  it("say which query the database refuses", () => {
    const { target } = shop();
    const plan = { kind: "sqlite", name: "database", file: "shop.db", query: "SELECT stok FROM products" } as const;
    expect(() => sqliteStockProbe(plan, target)).toThrow(/SELECT stok.*no such column/);
  });

  it("refuse rows that say neither buyer nor key", async () => {
    const { database, target } = shop();
    database.exec("INSERT INTO orders VALUES (1, 'buyer-4', '1')");
    const probe = sqlitePurchaseProbe(
      { kind: "sqlite", file: "shop.db", query: "SELECT n AS id FROM orders" },
      target,
      "1",
    );
    await expect(async () => {
      for await (const row of probe.rows()) expect(row).toBeUndefined();
    }).rejects.toThrow(/`buyer` or `key`/);
  });
});
