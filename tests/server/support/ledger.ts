import type { SettlingLedger } from "../../../src/server/quorum/settler.ts";

/** A ledger that has these sales and no others, and whose fence has never been moved. */
export function ledgerWith(...sales: readonly string[]): SettlingLedger {
  return {
    knows: () => true,
    standing: () => ({ stock: 0, fence: 0 }),
    voidUnlessRecorded: (asked) => new Set(asked.filter((sale) => sales.includes(sale))),
  };
}
