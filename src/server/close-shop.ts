import { setTimeout as sleep } from "node:timers/promises";
import type { HttpServer } from "./http/http-server.ts";
import type { ShopLedger } from "./ledger/ledger.ts";
import type { Opening } from "./opening.ts";
import type { SellingTools } from "./parts.ts";

/** How long those who wait for a lock may go on waiting, in ms. Together with the grace it stays below 3 s. */
const DRAIN_MS = 1800;
const GRACE_MS = 500;

interface House extends SellingTools {
  readonly ledger: ShopLedger;
  readonly http: HttpServer;
  readonly opening: Opening;
}

/** Lets go of everything in the reverse order of starting, once the buyers who are in the shop have been answered. */
export async function closeShop({ http, opening, lock, returns, background, ...connections }: House): Promise<void> {
  opening.giveUp();
  const answered = http.close();
  if (!(await within(DRAIN_MS, answered))) await lock.close();
  if (!(await within(GRACE_MS, answered))) http.abandon();
  await lock.close();
  await background.finished();
  await returns.settle();
  returns.stop();
  connections.instance.close();
  connections.client.close();
  connections.ledger.close();
}

async function within(limitMs: number, work: Promise<void>): Promise<boolean> {
  const given = new AbortController();
  const tooLate = sleep(limitMs, false, { signal: given.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), tooLate]);
  given.abort();
  return done;
}
