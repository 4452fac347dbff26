import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { keptRuns, record, SMALL } from "./support/output.ts";
import { aPlace, type Place } from "./support/place.ts";
import { whileSelling } from "./support/stacks.ts";
import { until } from "./support/until.ts";

const LONG = "run v1_basic --run-time 60s --users 8";

async function recordsKept(place: Place): Promise<RunRecord[]> {
  return keptRuns(place).map(
    (id) => JSON.parse(readFileSync(place.file("results", id, "record.json"), "utf8")) as RunRecord,
  );
}

function halfWritten(place: Place): string[] {
  return readdirSync(place.file("results")).filter((name) => name.startsWith("."));
}

describe("a lockbench that is killed", () => {
  /** How many processes there are when it is killed: lockbench, Redis, the servers. */
  it.each([
    ["it has started Redis", 2],
    ["it has started a server", 3],
    ["everything runs", 4],
  ])("once %s leaves nothing that outlives the next command", async (_, count) => {
    const place = aPlace();
    const run = place.start(`${LONG} --replicas 2`);
    await until(`${String(count)} processes`, () => place.left().length >= count || undefined);
    run.signal("SIGKILL");
    await run.ended;
    const next = await place.lockbench("list");
    expect(next.exit).toBe(0);
    expect(next.stderr).toMatch(new RegExp(`removed what a lockbench in .* \\(pid ${String(run.pid)}\\) left behind`));
    expect(place.left()).toEqual([]);
    expect(readdirSync(place.runtime)).toEqual(["ports"]);
    expect(readdirSync(`${place.runtime}/ports`)).toEqual([]);
  });

  it("costs no earlier run, and what it had half written is removed by the next run", async () => {
    const place = aPlace();
    const first = record(await place.lockbench(`run v1_basic ${SMALL} --json`));
    const run = place.start(LONG);
    await whileSelling(place);
    expect(halfWritten(place)).toHaveLength(1);
    run.signal("SIGKILL");
    await run.ended;
    expect(record(await place.lockbench("verify --json")).id).toBe(first.id);
    const last = record(await place.lockbench(`run v1_basic ${SMALL} --json`));
    expect(halfWritten(place)).toEqual([]);
    expect(keptRuns(place)).toEqual([first.id, last.id]);
  });

  it("is cleared up after by down as well, and leaves running what is somebody else's", async () => {
    const place = aPlace();
    const other = place.start(LONG);
    await whileSelling(place);
    const run = place.start(LONG, { cwd: "/tmp", env: { LOCKBENCH_RESULTS: place.file("elsewhere") } });
    await until("both stacks", () => place.left().length >= 6 || undefined);
    run.signal("SIGKILL");
    await run.ended;
    const down = await place.lockbench("down --all");
    expect(down.stderr + down.stdout).toMatch(/removed what a lockbench in .*left behind[^]*left alone: v1_basic/);
    expect(place.left()).toHaveLength(3);
    other.signal("SIGTERM");
    expect((await other.ended).exit).toBe(143);
    expect(existsSync(place.file("results"))).toBe(true);
  });
});

describe("a part of the stack that dies in the middle of the sale", () => {
  it.each(["app", "redis"])("is named as what went wrong, and the run is kept: %s", async (name) => {
    const place = aPlace();
    const earlier = record(await place.lockbench(`run v1_basic ${SMALL} --json`));
    const run = place.start("run v1_basic --run-time 4s --users 8 --stock 100000");
    const services = await whileSelling(place);
    process.kill(services.find((one) => one.name === name)?.pid ?? 0, "SIGKILL");
    const ended = await run.ended;
    // 1 where the purchase that was cut short left a trace in only one of the witnesses.
    expect([5, 1], ended.stdout).toContain(ended.exit);
    expect(ended.stdout).toContain(`${name} died: killed by SIGKILL`);
    if (ended.exit === 5) expect(ended.stdout).toMatch(/^exit 5: the environment failed: /m);
    expect(place.left()).toEqual([]);
    const kept = await recordsKept(place);
    expect(kept.map(({ id }) => id)[0]).toBe(earlier.id);
    expect(kept[1]).toMatchObject({ exitCode: ended.exit, verdict: ended.exit === 1 ? "fail" : "inconclusive" });
    expect(kept[1]?.incidents.join()).toContain(`${name} died`);
  });

  it("while another server is left sells no unit twice and is still reported", async () => {
    const place = aPlace();
    const run = place.start("run v1_basic --run-time 4s --users 8 --stock 100000 --replicas 2 --json");
    const services = await whileSelling(place);
    process.kill(services.find((one) => one.name === "app1")?.pid ?? 0, "SIGKILL");
    const ended = await run.ended;
    expect([5, 1], ended.stderr).toContain(ended.exit);
    const { checks, incidents } = record(ended);
    expect(checks.find((check) => check.name === "oversold")?.verdict).not.toBe("fail");
    expect(incidents.join()).toContain("app1 died: killed by SIGKILL");
  });
});

describe("a server that cannot start", () => {
  it("is reported with what was awaited, for how long, and the end of its log", async () => {
    const place = aPlace();
    await place.lockbench("init my-shop");
    place.edit(place.file("my-shop/scenario.yaml"), (text) =>
      text.replace(/^ {4}command: \[node, /m, '    command: [node, "--no-such-option", '),
    );
    const ended = await place.lockbench("run ./my-shop");
    expect(ended).toMatchObject({ exit: 5, stdout: "" });
    expect(ended.stderr).toMatch(/awaited GET http:.*\/health.* for [\d.]+ s[^]*bad option: --no-such-option/);
    expect(place.left()).toEqual([]);
    expect(keptRuns(place)).toEqual([]);
  });
});
