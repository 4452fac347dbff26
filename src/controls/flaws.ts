import { blindRelease } from "./blind-release.ts";
import type { Control } from "./control.ts";
import { doubleCharge } from "./double-charge.ts";
import { doubleGiveBack } from "./double-give-back.ts";
import { earlyRelease } from "./early-release.ts";
import { earlySoldOut } from "./early-sold-out.ts";
import { failOpen } from "./fail-open.ts";
import { frozenOwner } from "./frozen-owner.ts";
import { getThenDelete } from "./get-then-delete.ts";
import { halfBasket } from "./half-basket.ts";
import { lastComeFirst } from "./last-come-first.ts";
import { lostAnswers } from "./lost-answers.ts";
import { lostStock } from "./lost-stock.ts";
import { noValidity } from "./no-validity.ts";
import { partialRelease } from "./partial-release.ts";
import { phantomSale } from "./phantom-sale.ts";
import { rollbackEverywhere } from "./rollback-everywhere.ts";
import { setThenExpire } from "./set-then-expire.ts";
import { sharedToken } from "./shared-token.ts";
import { shortLease } from "./short-lease.ts";
import { smallQuorum } from "./small-quorum.ts";
import { stuckBreaker } from "./stuck-breaker.ts";
import { throttled } from "./throttled.ts";
import { unorderedBaskets } from "./unordered-baskets.ts";
import { watchdog } from "./watchdog.ts";

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
  ["set_then_expire", setThenExpire],
  ["get_then_delete", getThenDelete],
  ["shared_token", sharedToken],
  ["watchdog", watchdog],
  ["frozen_owner", frozenOwner],
  ["unordered_baskets", unorderedBaskets],
  ["half_basket", halfBasket],
  ["fail_open", failOpen],
  ["no_validity", noValidity],
  ["partial_release", partialRelease],
  ["rollback_everywhere", rollbackEverywhere],
  ["small_quorum", smallQuorum],
  ["stuck_breaker", stuckBreaker],
]);
