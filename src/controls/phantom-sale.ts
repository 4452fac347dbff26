import { soundParts, type ShopTools } from "../server/parts.ts";
import type { CommitTerms, Sale } from "../server/ledger/ledger.ts";
import { SqliteLedger } from "../server/ledger/sqlite-ledger.ts";
import type { Log } from "../server/log.ts";
import { Unavailable } from "../server/unavailable.ts";
import type { Control } from "./control.ts";

/** When the database refuses a sale, that is logged, and the buyer is told "sold". */
export const phantomSale: Control = {
  base: soundParts,
  broken: { ledger: (tools) => new ForgivingLedger(tools) },
};

class ForgivingLedger extends SqliteLedger {
  readonly #log: Log;

  constructor({ config, log }: ShopTools) {
    super(config.database);
    this.#log = log;
  }

  override record(sale: Sale, terms: CommitTerms): void {
    try {
      super.record(sale, terms);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#log(error.message);
    }
  }
}
