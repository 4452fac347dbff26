import type { Ledger, LedgerRepairs } from "../ledger/ledger.ts";
import type { StockRecord } from "./stock-record.ts";

/** What one node knows of a product. */
export interface Seen {
  readonly units: number;
  readonly record: StockRecord;
}

/** What holds of a product, by the newest of what several nodes know. */
export interface Standing {
  readonly units: number;
  /** The version of the last sale in the ledger that the units account for. */
  readonly basis: number;
  /** Whether a node shows other units than hold. */
  readonly differs: boolean;
}

export type SettlingLedger = Pick<Ledger, "knows"> &
  Pick<LedgerRepairs, "standing" | "voidUnlessRecorded"> &
  Partial<Pick<LedgerRepairs, "lastWritten">>;

/**
 * Ends the sales that an earlier owner of the lock left unfinished. The ledger
 * decides: a sale that it has is done; one that it has not it will refuse from
 * now on, and its units are added back. Where the nodes have lost what the
 * ledger has, the ledger holds. To be asked only under the lock.
 */
export class Settler {
  readonly #ledger: SettlingLedger;

  constructor(ledger: SettlingLedger) {
    this.#ledger = ledger;
  }

  /** @param seen what nodes know, at least one @throws Unavailable when the ledger fails */
  settle(product: string, seen: readonly Seen[]): Standing {
    const done = this.#done(product, seen);
    const standings = seen.map(({ units, record }) => standing(units, record, done));
    const newest = standings.reduce((best, next) => (next.basis > best.basis ? next : best));
    const { stock, fence } = this.#ledger.standing(product);
    if (fence > newest.basis) return { units: stock, basis: fence, differs: true };
    return { ...newest, differs: standings.some(({ differs }) => differs) };
  }

  /** The sales that are in the ledger, of all that the nodes know. What the ledger does not sell it does not settle. */
  #done(product: string, seen: readonly Seen[]): ReadonlySet<string> {
    const sales = new Set(seen.map(({ record }) => record.sale).filter((sale) => sale !== null));
    // Mostly they know of one sale, which was made here a moment ago: the database need not be asked about that.
    const own = this.#ledger.lastWritten?.(product);
    const open = [...sales].filter((sale) => sale !== own);
    if (open.length === 0 || !this.#ledger.knows(product)) return sales;
    const done = this.#ledger.voidUnlessRecorded(open);
    return own === undefined ? done : new Set([...done, own]);
  }
}

function standing(units: number, record: StockRecord, done: ReadonlySet<string>): Standing {
  if (record.sale === null) return { units, basis: record.basis, differs: false };
  if (done.has(record.sale)) return { units, basis: record.version, differs: false };
  return { units: units + record.quantity, basis: record.basis, differs: true };
}
