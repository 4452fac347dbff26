import type { Ledger } from "./ledger/ledger.ts";
import type { Order } from "./order/order.ts";
import type { SellingTools, ShopParts } from "./parts.ts";
import type { StockRepairs } from "./stock/stock.ts";
import { within } from "./within.ts";

/** Sales of different products do not wait for each other, so that the same practice takes less than half of the time. */
const PRODUCTS = 10;
const AT_ONCE_OF_EACH = 5;
/** Slow Redis nodes must not keep the shop closed, in ms. */
const LONGEST_MS = 1500;
/** How long one sale may wait for its lock: nobody buys, so giving up costs nobody anything. In ms. */
const LOCK_WAIT_MS = 200;

/** Forgets every sale: a rehearsal leaves no row. */
const noLedger: Ledger = { knows: () => true, saleOfKey: () => undefined, record: () => undefined };

export interface RehearsalTools extends SellingTools {
  readonly stock: SellingTools["stock"] & StockRepairs;
}

/**
 * Sells units of products that nobody else can name, to nobody, before the
 * shop opens. A flash sale is over in less time than it takes V8 to find out
 * which functions are worth compiling; without this the first buyers wait for
 * the interpreter.
 */
export async function rehearse(parts: ShopParts, tools: RehearsalTools, sales: number): Promise<void> {
  const products = Array.from({ length: PRODUCTS }, (_, place) => `rehearsal-${tools.instance.id}-${String(place)}`);
  const config = { ...tools.config, lockWaitMs: Math.min(LOCK_WAIT_MS, tools.config.lockWaitMs) };
  const purchase = parts.purchase({ ...tools, config, ledger: noLedger });
  const closesMs = performance.now() + LONGEST_MS;
  try {
    // Half of them find it sold out.
    await Promise.all(products.map((product) => tools.stock.refill(product, Math.ceil(sales / 2 / PRODUCTS), 0)));
    const crowd = products.flatMap((product) => new Array<Order>(AT_ONCE_OF_EACH).fill(orderOf(product)));
    for (let done = 0; done < sales && performance.now() < closesMs; done += crowd.length) {
      const batch = crowd.map((order) => purchase.buy(order, process.hrtime.bigint()));
      const failed = (await Promise.allSettled(batch)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    }
  } finally {
    // What comes late would bring the keys back.
    const tidied = tools.background
      .finished()
      .then(() => Promise.all(products.map((product) => tools.stock.forget(product))));
    await within(LONGEST_MS, tidied);
  }
}

function orderOf(product: string): Order {
  return { buyer: "nobody", key: null, lines: [{ product, quantity: 1 }], basket: false };
}
