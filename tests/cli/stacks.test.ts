import Database from "better-sqlite3";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CORRECT, record, SMALL, verdicts } from "./support/output.ts";
import { aPlace, openPlace, type Place } from "./support/place.ts";
import { serviceOf, stacksOf } from "./support/stacks.ts";
import { until } from "./support/until.ts";

describe("a stack that is brought up to stay", () => {
  let place: Place;
  beforeAll(async () => {
    place = openPlace();
    expect(await place.lockbench("up v1_basic")).toMatchObject({ exit: 0 });
  });
  afterAll(() => place.close());

  it("is shown with health, port, process and uptime of each service", async () => {
    const { exit, stdout } = await place.lockbench("status");
    expect(exit).toBe(0);
    expect(stdout).toContain("v1_basic in this folder: well");
    for (const name of ["app", "redis"])
      expect(stdout).toMatch(new RegExp(`${name} +port \\d+ +pid \\d+ +up \\d+ s +answers`));
  });

  it("is not brought up a second time", async () => {
    const before = await serviceOf(place, "app");
    const again = await place.lockbench("up v1_basic");
    expect(again).toMatchObject({ exit: 0 });
    expect(again.stdout).toContain("already up");
    expect(await stacksOf(place)).toHaveLength(1);
    expect((await serviceOf(place, "app")).pid).toBe(before.pid);
  });

  it("is used by a run that it fits, which leaves it up", async () => {
    const before = await serviceOf(place, "app");
    const ended = await place.lockbench(`run v1_stress ${SMALL} --json`);
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(ended.stderr).toContain("stack: the one of v1_basic is up, and is used");
    expect((await serviceOf(place, "app")).pid).toBe(before.pid);
    const { stdout } = await place.lockbench("inspect purchases --last 3");
    expect(stdout).toContain("10 purchases, the last 3");
    expect(stdout.match(/^├/gm), "rules in the table").toHaveLength(1);
  });

  it("is left alone by a run that it does not fit, which brings its own and takes it down again", async () => {
    const running = place.left().length;
    const ended = await place.lockbench(`run v1_basic --lock lua ${SMALL} --json`);
    expect(record(ended).environment.lock).toBe("lua");
    expect(ended.stderr).toContain(
      "stack: the one of v1_basic is up, and is not used: v1_basic needs the lock lua (it has the lock fifo)",
    );
    expect(place.left()).toHaveLength(running);
    expect(await stacksOf(place)).toHaveLength(1);
  });

  it("can be looked into: stock at each witness, locks with their owners, the last purchases", async () => {
    await place.lockbench(`run v1_basic ${SMALL}`);
    const stock = JSON.parse((await place.lockbench("inspect stock --json")).stdout) as unknown;
    expect(stock).toMatchObject({
      items: [
        { product: "1", source: "redis", units: "0" },
        { source: "database", units: "0" },
      ],
    });
    expect((await place.lockbench("inspect locks")).stdout).toContain("no lock is held");
    const purchases = JSON.parse((await place.lockbench("inspect purchases --last 2 --json")).stdout) as {
      items: unknown[];
    };
    expect(purchases.items).toHaveLength(2);
  });

  it("shows its logs, all of them or those of one service, and follows them until Ctrl-C", async () => {
    expect((await place.lockbench("logs")).stdout).toMatch(/app \| .*listening on[^]*redis \| /);
    expect((await place.lockbench("logs redis -n 1")).stdout.trim().split("\n")).toHaveLength(1);
    expect(await place.lockbench("logs reddis")).toMatchObject({ exit: 2 });
    const following = place.start("logs app -f");
    await until("the log's beginning", () => following.stdout().includes("listening") || undefined);
    following.signal("SIGINT");
    expect((await following.ended).exit).toBe(130);
  });

  it("is not seen from another folder, is seen with --all, and stops with down", async () => {
    expect((await place.lockbench("status", { cwd: "/" })).stdout).toContain("nothing is up here");
    expect((await place.lockbench("down", { cwd: "/" })).stdout).toContain("nothing to stop");
    expect((await place.lockbench("status --all", { cwd: "/" })).stdout).toContain("v1_basic");
    expect((await place.lockbench("down")).stdout).toMatch(/stopped v1_basic .*app.*redis/);
    expect(place.left()).toEqual([]);
    expect((await place.lockbench("down")).stdout).toContain("nothing to stop");
    expect(await place.lockbench("inspect stock")).toMatchObject({ exit: 5, stdout: "" });
  });
});

describe("two stacks that stay in one folder", () => {
  it("are told apart by their scenario: the newest is looked at, and only those that are named are stopped", async () => {
    const place = aPlace();
    await place.lockbench("up v1_basic");
    await place.lockbench("up v2_bundle --replicas 2");
    const newest = await place.lockbench("inspect stock");
    expect(newest.stdout).toContain("stock of 3 products");
    expect(newest.stderr).toMatch(/2 stacks are up here: this is the newest, v2_bundle at http:/);
    const named = await place.lockbench("inspect stock --of v1_basic");
    expect(named.stdout).toContain("stock of 1 product");
    expect(named.stderr).not.toContain("newest");
    expect((await place.lockbench("logs app --of v1_basic")).stdout).toContain("listening");
    const unknown = await place.lockbench("logs --of v1_stress");
    expect(unknown.exit).toBe(5);
    expect(unknown.stderr).toMatch(/expected one of v1_stress .*found v1_basic at http:\S+, v2_bundle at http:/);
    expect((await place.lockbench("down --of v1_stress")).stdout).toContain("nothing to stop of v1_stress");
    expect((await place.lockbench("down --of v1_basic")).stdout).toMatch(/^stopped v1_basic [^\n]*\n?$/);
    expect((await stacksOf(place)).map(({ session }) => session.scenario)).toEqual(["v2_bundle"]);
  });
});

describe("a stack of which a process has been killed", () => {
  it.each(["app", "redis"])("is reported as not well, is not used, and is cleared away: %s", async (name) => {
    const place = aPlace();
    await place.lockbench("up v1_basic --replicas 2");
    const { pid } = await serviceOf(place, name);
    process.kill(pid, "SIGKILL");
    await until("its death", () => place.left().every((one) => one.pid !== pid) || undefined);
    const status = await place.lockbench("status");
    expect(status.exit).toBe(5);
    expect(status.stdout).toMatch(new RegExp(`^ +${name} .*has died$`, "m"));
    expect(status.stdout).toMatch(/^exit 5: 1 of 1 stack not well$/m);
    expect(status.stderr).toContain("next: lockbench down");
    const ended = await place.lockbench(`run v1_basic --replicas 2 ${SMALL} --json`);
    expect(record(ended).metrics.outcomes.sold).toBe(10);
    expect(ended.stderr).toContain("is not used: it is not well, see lockbench status");
    expect((await place.lockbench("down")).exit).toBe(0);
    expect(place.left()).toEqual([]);
  });
});

describe("a run with --keep", () => {
  it("is judged again from its stack, which tells of a purchase that was taken away since", async () => {
    const place = aPlace();
    await place.lockbench(`run v1_basic ${SMALL} --keep`);
    const live = await place.lockbench("verify");
    expect(live.stderr).toContain("judging from the stack");
    expect(CORRECT, live.stdout).toContain(live.exit);
    const [stack] = await stacksOf(place);
    const database = new Database(`${stack?.session.variables.data ?? ""}/shop.db`);
    database.exec("DELETE FROM purchases WHERE id = (SELECT max(id) FROM purchases)");
    database.close();
    const tampered = await place.lockbench("verify");
    expect(tampered.exit, tampered.stdout).toBe(1);
    expect(verdicts(tampered.stdout)).toMatchObject({ receipts: "FAIL", evidence_intact: "PASS" });
    await place.lockbench("down");
    expect(place.left()).toEqual([]);
    const kept = await place.lockbench("verify");
    expect(kept.stderr).toContain("judging from the evidence");
    expect(CORRECT, kept.stdout).toContain(kept.exit);
  });
});

describe("several lockbench at once", () => {
  it("in one folder and in another do not disturb each other", async () => {
    const place = aPlace();
    place.write("another folder/nothing", "");
    const another = { cwd: place.file("another folder") };
    const call = `run v1_basic ${SMALL} --json`;
    const all = await Promise.all([place.lockbench(call), place.lockbench(call), place.lockbench(call, another)]);
    for (const ended of all) {
      expect(CORRECT, ended.stdout + ended.stderr).toContain(ended.exit);
      expect(record(ended).metrics.outcomes).toMatchObject({ sold: 10, sold_out: 10 });
    }
    expect(readdirSync(place.file("results"))).toHaveLength(3);
    expect(place.left()).toEqual([]);
  });

  it("share no stack that stays: one uses it, the other brings its own", async () => {
    const place = aPlace();
    await place.lockbench("up v1_basic");
    const call = `run v1_basic ${SMALL} --json`;
    const all = await Promise.all([place.lockbench(call), place.lockbench(call)]);
    for (const ended of all) expect(record(ended).metrics.outcomes).toMatchObject({ sold: 10, sold_out: 10 });
    expect(await stacksOf(place)).toHaveLength(1);
  });
});
