import type { Order } from "../../src/domain/order.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { seededRandom } from "../../src/domain/random.ts";
import type { Attempt, Row, Story } from "./histories.ts";

/** How a simulated purchase ends, if it is not an ordinary one. */
type Fate = "plain" | "rolled back" | "answer lost" | "rolled back and answer lost" | "refused";
const FATES: readonly Fate[] = ["rolled back", "answer lost", "rolled back and answer lost", "refused"];

interface Draw {
  below(limit: number): number;
  chance(share: number): boolean;
}

interface Request {
  readonly index: number;
  readonly buyer: number;
  readonly order: number;
  readonly sent: number;
  readonly arrived: number;
  readonly fate: Fate;
}

function drawFrom(seed: number): Draw {
  const random = seededRandom(seed);
  return { below: (limit) => Math.floor(random() * limit), chance: (share) => random() < share };
}

/** One of three kinds of sale: single units, several quantities, or baskets. */
function drawOrders(draw: Draw, products: number): Order[] {
  const kind = draw.below(3);
  const line = (product: number, most: number) => ({ product, quantity: 1 + draw.below(most) });
  const singles = Array.from({ length: products }, (_, product) => ({ lines: [{ product, quantity: 1 }] }));
  if (kind === 0) return singles;
  if (kind === 1) return [...singles, { lines: [line(draw.below(products), 3)] }];
  return [...singles, { lines: Array.from({ length: products }, (_, product) => line(product, 2)) }];
}

/** In some sales whoever was refused comes back, once. */
const COMING_BACK = { pauseMs: 10, withinMs: 10_000 };

function drawRequests(draw: Draw, orders: number, buyersRepeat: boolean): Request[] {
  const faults = draw.chance(0.5) ? 0.25 : 0;
  const count = 2 + draw.below(14);
  const sends = Array.from({ length: count }, () => draw.below(60)).sort((a, b) => a - b);
  return sends.map((sent, index) => ({
    index,
    buyer: buyersRepeat ? draw.below(4) : index,
    order: draw.below(orders),
    sent,
    arrived: sent + draw.below(6),
    fate: draw.chance(faults) ? (FATES[draw.below(FATES.length)] ?? "plain") : "plain",
  }));
}

/** Some shops store no key, some give no stamps, some do not say what remains. */
function habits(draw: Draw): { stamps: boolean; keys: boolean; says: boolean } {
  return { stamps: draw.chance(0.7), keys: draw.chance(0.7), says: draw.chance(0.8) };
}

class Ledger {
  readonly free: number[];
  readonly rows: Row[] = [];

  constructor(stock: readonly number[]) {
    this.free = [...stock];
  }

  fits(order: Order): boolean {
    return order.lines.every(({ product, quantity }) => (this.free[product] ?? 0) >= quantity);
  }

  move(order: Order, sign: 1 | -1): void {
    for (const { product, quantity } of order.lines) this.free[product] = (this.free[product] ?? 0) + sign * quantity;
  }
}

/**
 * A sound shop that serves one buyer at a time, in order of arrival. A purchase
 * may be rolled back while the lock is held, and answers may get lost. In the
 * end single buyers come for whatever is left, so that the stock runs out.
 */
export function fifoShop(seed: number): Story {
  const draw = drawFrom(seed);
  const stock = Array.from({ length: 1 + draw.below(2) }, () => 1 + draw.below(6));
  const orders = drawOrders(draw, stock.length);
  const buyersRepeat = draw.chance(0.3);
  const { stamps, keys, says } = habits(draw);
  const comingBack = !buyersRepeat && draw.chance(0.3);
  const requests = drawRequests(draw, orders.length, buyersRepeat);
  const ledger = new Ledger(stock);
  const attempts: Attempt[] = [];
  let lockFreeAt = 0;
  const serve = ({ index, buyer, order, sent, arrived, fate }: Request): void => {
    const wanted = orders[order] ?? { lines: [] };
    const granted = Math.max(arrived, lockFreeAt);
    lockFreeAt = granted + 1 + draw.below(4);
    const ended = lockFreeAt + draw.below(5);
    const lost = fate === "answer lost" || fate === "rolled back and answer lost";
    let outcome: Outcome = "sold_out";
    let remaining: number | undefined;
    if (fate === "refused") outcome = "refused";
    else if (fate !== "plain" && fate !== "answer lost") outcome = "error";
    else if (ledger.fits(wanted)) {
      ledger.move(wanted, -1);
      outcome = "sold";
      const [line] = wanted.lines;
      if (says && line !== undefined && wanted.lines.length === 1) remaining = ledger.free[line.product];
      ledger.rows.push({
        attempt: index,
        ...(keys ? {} : { key: undefined }),
        ...(remaining === undefined ? {} : { remaining }),
      });
    }
    attempts[index] = {
      outcome: lost ? "unknown" : outcome,
      buyer,
      order,
      sent,
      ended,
      ...(stamps && !lost ? { arrived, granted } : {}),
      ...(remaining === undefined || lost ? {} : { remaining }),
    };
  };
  // Who arrives at the same moment is served in any order.
  for (const request of requests.toSorted((a, b) => a.arrived - b.arrived || draw.below(3) - 1)) serve(request);
  const refused = requests.filter(({ index }) => comingBack && attempts[index]?.outcome === "refused");
  for (const { buyer, order } of refused) {
    const sent = Math.max(100, lockFreeAt);
    serve({ index: attempts.length, buyer, order, sent, arrived: sent + 1, fate: "plain" });
  }
  ledger.free.slice().forEach((left, product) => {
    const closing = orders.findIndex(
      ({ lines }) => lines.length === 1 && lines[0]?.product === product && lines[0].quantity === 1,
    );
    for (let unit = 0; unit < left; unit += 1) {
      const index = attempts.length;
      const sent = Math.max(200, lockFreeAt);
      serve({ index, buyer: 1000 + index, order: closing, sent, arrived: sent + 1, fate: "plain" });
    }
  });
  return {
    attempts,
    stock,
    orders,
    rows: ledger.rows,
    demands: { perBuyer: buyersRepeat || orders.length > stock.length ? null : 1 },
    load: { retry: comingBack ? COMING_BACK : null },
  };
}

/**
 * A sound shop without a lock: it takes the units of one line after another,
 * writes the sale, and gives back what it took when a line is short or the
 * write fails. Meanwhile others may find nothing.
 */
export function reservingShop(seed: number): Story {
  const draw = drawFrom(seed);
  const stock = Array.from({ length: 1 + draw.below(2) }, () => 1 + draw.below(5));
  const orders = drawOrders(draw, stock.length);
  const { stamps, keys } = habits(draw);
  const ledger = new Ledger(stock);
  const attempts: Attempt[] = [];
  const agenda: { readonly at: number; readonly act: () => void }[] = [];
  for (const { index, buyer, order, sent, arrived, fate } of drawRequests(draw, orders.length, false)) {
    const wanted = orders[order] ?? { lines: [] };
    const taken: Order["lines"][number][] = [];
    const first = arrived + draw.below(10);
    const written = first + wanted.lines.length * 2 + draw.below(20);
    const ended = written + 1 + draw.below(6);
    const lost = fate === "answer lost" || fate === "rolled back and answer lost";
    const fails = fate === "rolled back" || fate === "rolled back and answer lost";
    let short = fate === "refused";
    let remaining: number | undefined;
    wanted.lines.forEach((line, place) => {
      agenda.push({
        at: first + place * 2,
        act: () => {
          short ||= !ledger.fits({ lines: [line] });
          if (short) return;
          ledger.move({ lines: [line] }, -1);
          taken.push(line);
          if (wanted.lines.length === 1) remaining = ledger.free[line.product];
        },
      });
    });
    agenda.push({
      at: written,
      act: () => {
        const sold = !short && !fails;
        if (sold)
          ledger.rows.push({
            attempt: index,
            ...(keys ? {} : { key: undefined }),
            ...(remaining === undefined ? {} : { remaining }),
          });
        else ledger.move({ lines: taken }, 1);
        const answered: Outcome = fate === "refused" ? "refused" : short ? "sold_out" : fails ? "error" : "sold";
        attempts[index] = {
          outcome: lost ? "unknown" : answered,
          buyer,
          order,
          sent,
          // Whoever loses his answer may lose it long before the shop has finished.
          ended: lost ? sent + draw.below(ended - sent) : ended,
          ...(stamps && !lost ? { arrived, granted: first } : {}),
          ...(remaining === undefined || !sold || lost ? {} : { remaining }),
        };
      },
    });
  }
  for (const { act } of agenda.toSorted((a, b) => a.at - b.at)) act();
  return { attempts, stock, orders, rows: ledger.rows, demands: { perBuyer: null, firstCome: null } };
}
