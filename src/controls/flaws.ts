import { blindRelease } from "./blind-release.ts";
import type { Control } from "./control.ts";
import { doubleCharge } from "./double-charge.ts";
import { doubleGiveBack } from "./double-give-back.ts";
import { earlyRelease } from "./early-release.ts";
import { earlySoldOut } from "./early-sold-out.ts";
import { lastComeFirst } from "./last-come-first.ts";
import { lostAnswers } from "./lost-answers.ts";
import { lostStock } from "./lost-stock.ts";
import { phantomSale } from "./phantom-sale.ts";
import { shortLease } from "./short-lease.ts";
import { throttled } from "./throttled.ts";

/** Every flaw that a shop can be started with, under the name of its scenario: `control_<name>`. */
export const FLAWS: ReadonlyMap<string, Control> = new Map([
  ["early_release", earlyRelease],
  ["short_lease", shortLease],
  ["blind_release", blindRelease],
  ["double_give_back", doubleGiveBack],
  ["double_charge", doubleCharge],
  ["phantom_sale", phantomSale],
  ["lost_stock", lostStock],
  ["early_sold_out", earlySoldOut],
  ["last_come_first", lastComeFirst],
  ["lost_answers", lostAnswers],
  ["throttled", throttled],
]);
