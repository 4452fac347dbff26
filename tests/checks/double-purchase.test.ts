import { expect, test } from "vitest";
import { doublePurchase } from "../../src/checks/double-purchase.ts";
import { judge } from "../support/histories.ts";

const NO_LIMIT = { demands: { perBuyer: null } };

test("one unit for each buyer passes", () => {
  expect(judge(doublePurchase, { attempts: [{ outcome: "sold" }, { outcome: "sold" }] }).verdict).toBe("pass");
});

test("a buyer with two units and a limit of one fails, and both rows are shown", () => {
  const attempts = [
    { outcome: "sold", buyer: 7 },
    { outcome: "sold", buyer: 7 },
  ] as const;
  const ruling = judge(doublePurchase, { attempts });
  expect(ruling.verdict).toBe("fail");
  expect(ruling.evidence).toEqual([
    'buyer-7 owns 2 units, limit 1: row 1 (1 unit of product "p0" for buyer-7), row 2 (1 unit of product "p0" for buyer-7)',
  ]);
  expect(judge(doublePurchase, { attempts, ...NO_LIMIT }).verdict).toBe("pass");
});

test("one key with its line twice fails, even where buyers have no limit", () => {
  const rows = [{ attempt: 0 }, { attempt: 0 }];
  expect(judge(doublePurchase, { attempts: [{ outcome: "sold" }], rows, ...NO_LIMIT }).verdict).toBe("fail");
});

test("an unanswered attempt that was charged twice fails", () => {
  const rows = [{ attempt: 0 }, { attempt: 0 }];
  expect(judge(doublePurchase, { attempts: [{ outcome: "unknown" }], rows, ...NO_LIMIT }).verdict).toBe("fail");
});

test("the lines of a basket, and one row for each unit, are one purchase", () => {
  const orders = [
    {
      lines: [
        { product: 0, quantity: 1 },
        { product: 1, quantity: 2 },
      ],
    },
  ];
  const rows = [
    { attempt: 0, product: "p0" },
    { attempt: 0, product: "p1", quantity: 1 },
    { attempt: 0, product: "p1", quantity: 1 },
  ];
  const story = { attempts: [{ outcome: "sold" }] as const, stock: [9, 9], orders, rows, ...NO_LIMIT };
  expect(judge(doublePurchase, story).verdict).toBe("pass");
});

test("without keys and limits, two rows of a buyer who came twice could be anything", () => {
  const attempts = [
    { outcome: "sold", buyer: 7 },
    { outcome: "sold", buyer: 7 },
  ] as const;
  const rows = [{ buyer: "buyer-7" }, { buyer: "buyer-7" }];
  expect(judge(doublePurchase, { attempts, rows, ...NO_LIMIT }).verdict).toBe("inconclusive");
  expect(judge(doublePurchase, { attempts, rows }).verdict).toBe("fail");
});

test("no rows, and only rows of strangers, prove nothing", () => {
  expect(judge(doublePurchase, { attempts: [{ outcome: "sold" }], rows: [] }).verdict).toBe("inconclusive");
  const rows = [{ buyer: "mallory" }, { buyer: "mallory" }];
  expect(judge(doublePurchase, { attempts: [{ outcome: "sold" }], rows }).verdict).toBe("inconclusive");
});

test("a few rows with keys do not speak for those without", () => {
  const attempts = [
    { outcome: "sold", buyer: 7 },
    { outcome: "sold", buyer: 7 },
  ] as const;
  const ruling = judge(doublePurchase, { attempts, rows: [{ attempt: 0 }, { buyer: "buyer-7" }], ...NO_LIMIT });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("rows carry no key");
});

test("a line with too many units, charged once, is not charged twice: receipts will say so", () => {
  const orders = [0, 1].map((product) => ({ product, quantity: 1 }));
  const rows = [
    { attempt: 0, product: "p0", quantity: 2 },
    { attempt: 0, product: "p1", quantity: 1 },
  ];
  const story = { attempts: [{ outcome: "sold" }] as const, stock: [9, 9], orders: [{ lines: orders }], rows };
  expect(judge(doublePurchase, { ...story, ...NO_LIMIT }).verdict).toBe("pass");
});
