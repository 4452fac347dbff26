import type { Hold } from "../server/locks/lock.ts";
import type { Order } from "../server/order/order.ts";
import type { SellingTools } from "../server/parts.ts";
import { commit, lastGrant } from "../server/purchase/commit.ts";
import type { PurchaseResult } from "../server/purchase/purchase.ts";

interface Reading {
  readonly order: Order;
  readonly arrivedAtNs: bigint;
  /** The locks under which the stock was read, held or not by now. */
  readonly holds: readonly Hold[];
  /** What was left of each line's product. */
  readonly units: readonly number[];
}

/**
 * Sells what was read a while ago as if nothing could have happened since:
 * nobody asks Redis who owns the lock, how long the lease still runs, or whether
 * a later owner has written.
 */
export async function sellUnguarded(reading: Reading, tools: SellingTools): Promise<PurchaseResult> {
  const { order, units, arrivedAtNs } = reading;
  const holds = reading.holds.map((hold) => ({ ...hold, token: "", fencingToken: null }));
  const remaining = order.lines.map(({ quantity }, place) => (units[place] ?? 0) - quantity);
  if (remaining.some((left) => left < 0)) return { outcome: "sold_out", grantedAtNs: lastGrant(holds) };
  const taking = { sale: tools.instance.nextSale(), key: order.key, lines: order.lines };
  const taken = await tools.stock.take(taking, holds);
  if (taken.kind === "unreadable") return { outcome: "unavailable", error: taken.error };
  if (taken.kind !== "taken") return { outcome: "busy", grantedAtNs: lastGrant(holds), error: "the stock is locked" };
  return commit({ order, taking, taken, remaining, holds, arrivedAtNs, leaseEndsMs: Infinity }, tools);
}
