import { describe, expect, it } from "vitest";
import { httpPurchaseProbe, httpStockProbe } from "../../src/probes/http.ts";
import { jsonServer } from "../support/json-server.ts";
import { probeTarget } from "../support/probe-target.ts";

describe("the HTTP probes", () => {
  it("read the stock at a dotted path of the shop's answer", async () => {
    const server = await jsonServer((request) => [200, { item: { path: request.url, left: "12" } }]);
    const probe = httpStockProbe(
      { kind: "http", name: "api", path: "/items/${product}", value: "item.left" },
      probeTarget({ server }),
    );
    expect(await probe.read("7")).toEqual([{ source: "api", units: 12, said: '"12"' }]);
  });

  it("say that a field is missing instead of calling it zero", async () => {
    const server = await jsonServer(() => [200, {}]);
    const probe = httpStockProbe({ kind: "http", name: "api", path: "/items", value: "left" }, probeTarget({ server }));
    expect(await probe.read("7")).toEqual([{ source: "api", units: null, said: "no such field" }]);
  });

  it("read purchases under the names that the shop gives its fields", async () => {
    const server = await jsonServer(() => [200, { orders: [{ no: 1, who: { name: "buyer-3" }, count: 2 }] }]);
    const fields = { id: "no", buyer: "who.name", quantity: "count" };
    const probe = httpPurchaseProbe(
      { kind: "http", path: "/orders", rows: "orders", fields },
      probeTarget({ server }),
      "1",
    );
    expect(await probe.count()).toBe(1);
    const rows = [];
    for await (const row of probe.rows()) rows.push(row);
    expect(rows).toMatchObject([{ id: "1", buyer: "buyer-3", product: "1", quantity: 2 }]);
  });

  it("fail when the shop answers with an error", async () => {
    const server = await jsonServer(() => [500, {}]);
    const probe = httpStockProbe({ kind: "http", name: "api", path: "/items", value: "left" }, probeTarget({ server }));
    await expect(probe.read("7")).rejects.toThrow(/expected status 200, found 500/);
  });
});
