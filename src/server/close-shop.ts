import type { Breaker } from "./breaker/breaker.ts";
import type { HttpServer } from "./http/http-server.ts";
import type { ShopLedger } from "./ledger/ledger.ts";
import type { Opening, Repairs } from "./opening.ts";
import type { SellingTools } from "./parts.ts";
import { within } from "./within.ts";

/** How long those who wait for a lock may go on waiting, in ms. Together with the grace it stays below 3 s. */
const DRAIN_MS = 1800;
const GRACE_MS = 500;

interface House extends SellingTools {
  readonly ledger: ShopLedger;
  readonly http: HttpServer;
  readonly opening: Opening;
  readonly breaker: Breaker | null;
  readonly repairs: Repairs;
}

/** Lets go of everything in the reverse order of starting, once the buyers who are in the shop have been answered. */
export async function closeShop(house: House): Promise<void> {
  const { http, opening, lock, breaker, repairs, returns, background } = house;
  opening.giveUp();
  const answered = http.close();
  if (!(await within(DRAIN_MS, answered))) await lock.close();
  if (!(await within(GRACE_MS, answered))) http.abandon();
  await lock.close();
  breaker?.stop();
  await repairs.stop();
  await opening.done;
  await background.finished();
  await returns.settle();
  returns.stop();
  const { instance, nodes, ledger } = house;
  instance.close();
  nodes.close();
  ledger.close();
}
