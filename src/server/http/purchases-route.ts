import type { IncomingMessage } from "node:http";
import type { Ledger } from "../ledger/ledger.ts";
import type { Order } from "../order/order.ts";
import { BadOrder, readOrder } from "../order/read-order.ts";
import type { Purchase } from "../purchase/purchase.ts";
import { Unavailable } from "../unavailable.ts";
import type { HttpAnswer } from "./answer.ts";
import { BadRequest } from "./bad-request.ts";
import { purchaseAnswer } from "./purchase-answer.ts";
import { readBody } from "./read-body.ts";

export interface PurchasesTools {
  readonly purchase: Purchase;
  readonly ledger: Ledger;
  /** False until what an earlier crash left behind has been repaired. */
  readonly open: () => boolean;
}

/** `POST /purchases`. */
export async function buy(request: IncomingMessage, arrivedAtNs: bigint, tools: PurchasesTools): Promise<HttpAnswer> {
  const order = orderFrom(await readBody(request), request.headers["idempotency-key"]);
  if (!tools.open()) throw new Unavailable("the shop is not open yet: it waits for Redis");
  const stranger = order.lines.find(({ product }) => !tools.ledger.knows(product));
  if (stranger !== undefined) throw new BadRequest(404, `product: nothing is known of "${stranger.product}"`);
  return purchaseAnswer(await tools.purchase.buy(order, arrivedAtNs), order.basket, arrivedAtNs);
}

function orderFrom(body: string, key: string | string[] | undefined): Order {
  try {
    return readOrder(body, Array.isArray(key) ? key[0] : key);
  } catch (error) {
    throw error instanceof BadOrder ? new BadRequest(400, error.message) : error;
  }
}
