import { expect, it } from "vitest";
import { CORRECT, records } from "./support/output.ts";
import { aPlace } from "./support/place.ts";

/** The checks that a basket may fail where a single unit cannot, or in another way. */
const OF_BASKETS = ["oversold", "exact_sales", "stock_mismatch", "receipts", "lost_update", "deadlock", "contention"];

it("lockbench run v2_multiproduct v2_bundle sells baskets whole, and takes nothing for those who cannot have all", async () => {
  const ended = await aPlace().lockbench("run v2_multiproduct v2_bundle --json");
  expect(CORRECT, ended.stdout).toContain(ended.exit);
  const [many, bundle] = records(ended);
  for (const run of [many, bundle]) {
    const verdicts = new Map(run?.checks.map(({ name, verdict }) => [name, verdict]));
    expect(OF_BASKETS.map((name) => `${name}: ${verdicts.get(name) ?? "no row"}`)).toEqual(
      OF_BASKETS.map((name) => `${name}: pass`),
    );
  }
  expect(many?.metrics.outcomes).toMatchObject({ sold: 100 });
  expect(many?.truth.products.reduce((units, { sold }) => units + (sold ?? 0), 0)).toBe(248);
  expect(bundle?.metrics.outcomes).toMatchObject({ sold: 40, sold_out: 260 });
  expect(bundle?.truth.products).toMatchObject([
    { product: "A", sold: 40, stock: { redis: 60, database: 60 } },
    { product: "B", sold: 40, stock: { redis: 0, database: 0 } },
    { product: "C", sold: 40, stock: { redis: 60, database: 60 } },
  ]);
});
