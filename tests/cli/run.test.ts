import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { CORRECT, CORRECTNESS, keptRuns, passing, record, SMALL, verdicts } from "./support/output.ts";
import { aPlace, lastLine, openPlace, PACKAGE, type Place } from "./support/place.ts";
import type { Ended } from "./support/started.ts";

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(`${PACKAGE}/docs/record.schema.json`, "utf8")) as Parameters<typeof z.fromJSONSchema>[0],
);

describe("lockbench run v1_stress", () => {
  let place: Place;
  let ended: Ended;

  beforeAll(async () => {
    place = openPlace();
    ended = await place.lockbench("run v1_stress");
  });
  afterAll(() => place.close());

  it("ends with its exit code and the reason on the last line of stdout", () => {
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(lastLine(ended)).toMatch(new RegExp(`^exit ${String(ended.exit)}: \\w`));
  });

  it("finds every check of correctness satisfied", () => {
    expect(verdicts(ended.stdout)).toMatchObject(passing([...CORRECTNESS, "contention", "tps"]));
  });

  it("prints the figures with their units and sample counts", () => {
    expect(ended.stdout).toContain("300: 100 sold, 200 sold_out");
    expect(ended.stdout).toMatch(/throughput +[\d,.]+\/s/);
    expect(ended.stdout).toMatch(/latency +avg .*p50 .*p95 .*p99 .*max .* ms \(300 samples\)/);
    expect(ended.stdout).toMatch(/sold out +[\d,.]+ ms/);
    expect(ended.stdout).toMatch(/in flight +\d+/);
  });

  it("keeps the record with its evidence, and a line in the summary of runs", async () => {
    const [id = "none"] = keptRuns(place);
    expect(readdirSync(place.file("results")).sort()).toEqual([id, "lockbench.db"]);
    expect(ended.stdout).toContain(id);
    expect(readdirSync(place.file("results", id)).sort()).toEqual([
      "attempts.csv",
      "locks.json",
      "plan.json",
      "purchases.ndjson",
      "record.json",
      "stock.json",
    ]);
    expect((await place.lockbench("list --runs")).stdout).toContain(id);
  });

  it("leaves no process, no port and no file of its stack behind", () => {
    expect(place.left()).toEqual([]);
    expect(readdirSync(place.runtime)).toEqual(["ports"]);
    expect(readdirSync(`${place.runtime}/ports`)).toEqual([]);
  });
});

describe("lockbench run v1_basic", () => {
  it("sells every unit to as many buyers, and prints nothing on stderr when it is quiet", async () => {
    const ended = await aPlace().lockbench("run v1_basic --quiet");
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(ended.stdout).toContain("100: 100 sold");
    expect(verdicts(ended.stdout)).toMatchObject(passing(CORRECTNESS));
    expect(ended.stderr).toBe("");
  });
});

describe("lockbench run --json", () => {
  it("prints one record that fits its schema, and nothing else, on stdout", async () => {
    const place = aPlace();
    const ended = await place.lockbench(`run v1_basic ${SMALL} --json`);
    const printed = record(ended);
    expect(schema.safeParse(printed).error).toBeUndefined();
    expect(schema.safeParse({ ...printed, verdict: "fine" }).success).toBe(false);
    expect(printed).toMatchObject({ scenario: "v1_basic", exitCode: ended.exit, environment: { lock: "fifo" } });
    const [choice, remark, ...rest] = ended.stderr.split("\n");
    expect(choice).toMatch(/^stack: local, /);
    expect(remark).toMatch(/^the checks of locks were left out: .*tap: true/);
    expect(printed.remarks).toEqual([{ about: "stack", text: remark }]);
    expect(rest).toEqual([`exit ${String(ended.exit)}: ${printed.reason}`, ""]);
    const kept = readFileSync(place.file("results", printed.id, "record.json"), "utf8");
    expect(JSON.parse(kept)).toEqual(printed);
  });

  it("goes on when standard input is closed and there is no home folder", async () => {
    const place = aPlace();
    const started = place.start(`run v1_basic ${SMALL} --json`, { env: { HOME: undefined } });
    started.endInput();
    expect(record(await started.ended).metrics.outcomes.sold).toBe(10);
  });

  it("works with a runtime folder that is given by a relative path", async () => {
    const place = aPlace();
    const env = { LOCKBENCH_RUNTIME_DIR: "run time" };
    expect(record(await place.lockbench(`run v1_basic ${SMALL} --json`, { env })).metrics.outcomes.sold).toBe(10);
    expect(place.left()).toEqual([]);
  });

  it("keeps the run where --results says, also in a folder with spaces below folders that do not exist", async () => {
    const place = aPlace();
    const ended = await place.lockbench(["run", "v1_basic", ...SMALL.split(" "), "--json", "--results", "a b/c d"]);
    expect(keptRuns(place, "a b/c d")).toEqual([record(ended).id]);
    expect(readdirSync(place.folder)).not.toContain("results");
  });
});
