import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ALL_CHECKS } from "../../src/checks/all.ts";
import { partsOf } from "../../src/controls/control.ts";
import { FLAWS } from "../../src/controls/flaws.ts";
import { type ShopParts, soundParts } from "../../src/server/parts.ts";
import { CONTROLS, PACKAGE, readControl, SCENARIOS } from "./support/scenarios.ts";

const PARTS = Object.keys(soundParts) as (keyof ShopParts)[];

function differences(one: ShopParts, other: ShopParts): readonly string[] {
  return PARTS.filter((part) => one[part] !== other[part]);
}

describe("the scenarios of the controls", () => {
  it.each([
    ["no_lock", "oversold"],
    ["early_release", "oversold"],
    ["short_lease", "lost_update"],
    ["blind_release", "oversold"],
    ["double_give_back", "stock_mismatch"],
    ["double_charge", "double_purchase"],
    ["phantom_sale", "receipts"],
    ["lost_stock", "exact_sales"],
    ["early_sold_out", "false_sold_out"],
    ["last_come_first", "first_come"],
    ["lost_answers", "liveness"],
    ["throttled", "exact_sales"],
    ["set_then_expire", "leaked_lock"],
    ["get_then_delete", "foreign_release"],
    ["shared_token", "foreign_release"],
    ["watchdog", "fencing"],
    ["frozen_owner", "mutual_exclusion"],
    ["unordered_baskets", "deadlock"],
    ["half_basket", "stock_mismatch"],
    ["small_quorum", "mutual_exclusion"],
    ["no_validity", "mutual_exclusion"],
    ["partial_release", "leaked_lock"],
    ["rollback_everywhere", "oversold"],
    ["fail_open", "breaker"],
    ["stuck_breaker", "recovery"],
  ])("say that %s must be caught by %s", async (flaw, check) => {
    expect((await readControl(`control_${flaw}`)).control.check).toBe(check);
  });

  it.each(CONTROLS)("start a server with the flaw after which %s is named", async (name) => {
    const { flaw, lock } = await readControl(name);
    if (name === "control_no_lock") expect({ flaw, lock }).toEqual({ flaw: undefined, lock: "none" });
    else expect(flaw).toBe(name.replace("control_", ""));
    if (flaw !== undefined) expect([...FLAWS.keys()]).toContain(flaw);
  });

  it.each([...FLAWS.keys()])("include one for the flaw %s", (flaw) => {
    expect(CONTROLS).toContain(`control_${flaw}`);
  });

  it.each(CONTROLS)("tell people about %s in a README", (name) => {
    expect(existsSync(join(SCENARIOS, name, "README.md"))).toBe(true);
  });

  it("leave no check of correctness without a control that it must catch", async () => {
    const named = await Promise.all(CONTROLS.map(async (name) => (await readControl(name)).control.check));
    const correctness = ALL_CHECKS.filter(({ kind }) => kind === "correctness").map(({ name }) => name);
    expect([...new Set(named)].sort()).toEqual(correctness.sort());
  });

  it("do not let lost answers pass for an oversell", async () => {
    const { control } = await readControl("control_lost_answers");
    expect(control).toMatchObject({ verdict: "inconclusive", run: "inconclusive" });
    expect(control.mustNotFail).toEqual(
      expect.arrayContaining(["oversold", "exact_sales", "receipts", "stock_mismatch", "double_purchase"]),
    );
  });

  it("do not let a shop that throttles everybody pass", async () => {
    const { control } = await readControl("control_throttled");
    expect(control).toMatchObject({ verdict: "inconclusive", run: "inconclusive" });
  });
});

describe("a broken shop", () => {
  it.each([...FLAWS])("with %s differs in exactly one part from the one it was built from", (_flaw, control) => {
    const broken = differences(partsOf(control), control.base);
    expect(broken).toHaveLength(1);
    expect(broken).toEqual(Object.keys(control.broken));
  });

  it.each([...FLAWS])("with %s was built from the sound shop, at most with a slower stock", (_flaw, { base }) => {
    expect(["", "stock"]).toContain(differences(base, soundParts).join());
  });

  it("is not started under a flaw that nobody knows", async () => {
    const main = join(PACKAGE, "dist/controls/main.js");
    const { exitCode, stderr } = await execa("node", [main, "no_such_flaw"], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('found "no_such_flaw"');
    expect(stderr).toContain("early_release");
  });
});
