import type { Ledger } from "./ledger/ledger.ts";
import type { SellingTools, ShopParts } from "./parts.ts";
import type { StockRepairs } from "./stock/stock.ts";
import { within } from "./within.ts";

const AT_ONCE = 20;
/** Slow Redis nodes must not keep the shop closed, in ms. */
const LONGEST_MS = 600;
/** How long one sale may wait for its lock: nobody buys, so giving up costs nobody anything. In ms. */
const LOCK_WAIT_MS = 200;

/** Forgets every sale: a rehearsal leaves no row. */
const noLedger: Ledger = { knows: () => true, saleOfKey: () => undefined, record: () => undefined };

export interface RehearsalTools extends SellingTools {
  readonly stock: SellingTools["stock"] & StockRepairs;
}

/**
 * Sells units of a product that nobody else can name, to nobody, before the
 * shop opens. A flash sale is over in less time than it takes V8 to find out
 * which functions are worth compiling; without this the first buyers wait for
 * the interpreter.
 */
export async function rehearse(parts: ShopParts, tools: RehearsalTools, sales: number): Promise<void> {
  const product = `rehearsal-${tools.instance.id}`;
  const config = { ...tools.config, lockWaitMs: Math.min(LOCK_WAIT_MS, tools.config.lockWaitMs) };
  const purchase = parts.purchase({ ...tools, config, ledger: noLedger });
  const order = { buyer: "nobody", key: null, lines: [{ product, quantity: 1 }], basket: false };
  const closesMs = performance.now() + LONGEST_MS;
  try {
    // Half of them find it sold out.
    await tools.stock.refill(product, Math.ceil(sales / 2), 0);
    for (let done = 0; done < sales && performance.now() < closesMs; done += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, () => purchase.buy(order, process.hrtime.bigint()));
      const failed = (await Promise.allSettled(batch)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    }
  } finally {
    // What comes late would bring the keys back.
    const tidied = tools.background.finished().then(() => tools.stock.forget(product));
    await within(LONGEST_MS, tidied);
  }
}
