import type { Background } from "../background.ts";
import type { Ledger, Sale } from "../ledger/ledger.ts";
import { isRefusal, KeyTaken, StaleToken } from "../ledger/refusals.ts";
import type { Hold } from "../locks/lock.ts";
import type { Order } from "../order/order.ts";
import type { Returns } from "../stock/returns.ts";
import type { Stock, Taken, Taking } from "../stock/stock.ts";
import type { PurchaseResult } from "./purchase.ts";

export interface CommitTools {
  readonly ledger: Ledger;
  readonly stock: Stock;
  readonly returns: Returns;
  readonly background: Background;
}

export interface Draft {
  readonly order: Order;
  readonly taking: Taking;
  readonly taken: Taken;
  /** What is left of each line's product, as the buyer is told. */
  readonly remaining: readonly number[];
  /** Empty when no lock is used. */
  readonly holds: readonly Hold[];
  readonly arrivedAtNs: bigint;
  /** When the lease is over, on the monotonic clock, in ms. */
  readonly leaseEndsMs: number;
}

/**
 * The second half of every purchase: the units are taken, now the sale is
 * written, or the units are given back.
 * @throws KeyTaken or Unavailable, after the units were given back
 */
export async function commit(draft: Draft, tools: CommitTools): Promise<PurchaseResult> {
  const sale = saleOf(draft);
  try {
    tools.ledger.record(sale, {
      fences: sale.lines.map((line, place) => line.fencingToken ?? draft.taken.fences[place] ?? 0),
      bases: draft.holds.map(({ reading }) => reading?.basis),
      leaseHolds: () => performance.now() < draft.leaseEndsMs,
    });
  } catch (error) {
    await tools.returns.giveBack(draft.taking);
    if (error instanceof StaleToken) await tools.stock.raiseFence(error.product, error.fence);
    if (!isRefusal(error) || error instanceof KeyTaken) throw error;
    return { outcome: "busy", grantedAtNs: sale.grantedAtNs, error: error.message };
  }
  tools.background.run(`stock: confirming ${sale.sale}`, tools.stock.confirm(draft.taking));
  return { outcome: "sold", sale };
}

function saleOf({ order, taking, remaining, holds, arrivedAtNs }: Draft): Sale {
  return {
    sale: taking.sale,
    buyer: order.buyer,
    key: order.key,
    arrivedAtNs: String(arrivedAtNs),
    grantedAtNs: lastGrant(holds),
    lines: order.lines.map((line, place) => ({
      ...line,
      remaining: remaining[place] ?? 0,
      fencingToken: holds[place]?.fencingToken ?? null,
    })),
  };
}

/** A basket has its lock when it has the last of them. */
export function lastGrant(holds: readonly Hold[]): string | null {
  const stamp = holds.at(-1)?.grantedAtNs ?? null;
  return stamp === null ? null : String(stamp);
}
