import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CORRECT, CORRECTNESS, keptRuns, passing, record, SMALL, verdicts } from "./support/output.ts";
import { lastLine, openPlace, PACKAGE, type Place } from "./support/place.ts";

/** A burst at a shop that does not say when it granted what it sold. */
const STAMPLESS = `title: a sale without stamps
target: ./shop.target.yaml
lock: fifo
products: [{ id: "1", stock: 5 }]
load: { buyers: 20 }
`;

let place: Place;
let first: string;
let latest: string;

beforeAll(async () => {
  place = openPlace();
  first = record(await place.lockbench(`run v1_basic ${SMALL} --json`)).id;
  latest = record(await place.lockbench(`run v1_stress ${SMALL} --json`)).id;
});
afterAll(() => place.close());

describe("lockbench verify", () => {
  it("judges the latest run again from its evidence, with the same table and last line", async () => {
    const ended = await place.lockbench("verify");
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(ended.stdout).toContain(latest);
    expect(ended.stderr).toContain("judging from the evidence");
    expect(verdicts(ended.stdout)).toMatchObject(passing([...CORRECTNESS, "evidence_intact"]));
    expect(lastLine(ended)).toMatch(new RegExp(`^exit ${String(ended.exit)}: `));
  });

  it.each([
    ["its id", () => first],
    ["the beginning of its id", () => first.slice(0, -3)],
    ["its folder", () => `results/${first}`],
  ])("finds a run by %s", async (_, which) => {
    expect(record(await place.lockbench(`verify ${which()} --json`)).id).toBe(first);
  });

  it("names the runs there are when it is asked for another", async () => {
    const ended = await place.lockbench("verify 2020-nothing");
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toContain(latest);
  });

  it("keeps what was remarked on the stack and the load, and remarks on its own judgement once", async () => {
    const folder = openPlace();
    try {
      const bundled = readFileSync(`${PACKAGE}/scenarios/shop.target.yaml`, "utf8");
      folder.write("stampless/shop.target.yaml", bundled.replace(/^ {2}(arrived|granted)_at: .*\n/gm, ""));
      folder.write("stampless/scenario.yaml", STAMPLESS);
      const run = record(await folder.lockbench("run ./stampless --json"));
      expect(run.remarks.map(({ about }) => about)).toEqual(["stack", "judgement"]);
      expect(run.remarks[1]?.text).toMatch(/^left out: false_sold_out: /);
      const again = await folder.lockbench("verify --json");
      expect(record(again).remarks).toEqual(run.remarks);
      for (const { text } of run.remarks) expect(again.stderr.split("\n")).toContain(text);
    } finally {
      await folder.close();
    }
  });

  it("changes nothing that is kept", async () => {
    const before = readFileSync(place.file("results", latest, "record.json"), "utf8");
    await place.lockbench("verify");
    expect(readFileSync(place.file("results", latest, "record.json"), "utf8")).toBe(before);
    expect(keptRuns(place)).toEqual([first, latest]);
  });
});

type Lines = string[];

/** What somebody may do to the evidence, and a check that must notice it besides `evidence_intact`. */
const TAMPERINGS: readonly (readonly [what: string, file: string, change: (lines: Lines) => Lines, check: string])[] = [
  ["a purchase is taken away", "purchases.ndjson", (lines) => lines.slice(1), "receipts"],
  ["a purchase is added", "purchases.ndjson", (lines) => [...lines, otherBuyer(lines[0] ?? "")], "oversold"],
  [
    "a purchase is given to another buyer",
    "purchases.ndjson",
    (lines) => [otherBuyer(lines[0] ?? ""), ...lines.slice(1)],
    "receipts",
  ],
  [
    "the quantity of a purchase is changed",
    "purchases.ndjson",
    (lines) => edit(lines, '"quantity":1', '"quantity":2'),
    "oversold",
  ],
  ["a buyer's answer is changed", "attempts.csv", (lines) => edit(lines, ",sold_out,", ",sold,"), "receipts"],
  ["an attempt is taken away", "attempts.csv", (lines) => lines.slice(0, -1), "evidence_intact"],
  [
    "the stock that was left is changed",
    "stock.json",
    (lines) => edit(lines, '"units": 0', '"units": 1'),
    "stock_mismatch",
  ],
  ["the plan is changed", "plan.json", (lines) => edit(lines, '"perBuyer": 1', '"perBuyer": 9'), "evidence_intact"],
];

function otherBuyer(line: string): string {
  return line.replace(/"buyer":"buyer-\d+"/, '"buyer":"buyer-999"').replace(/"key":"[^"]*"/, '"key":"a-key-of-nobody"');
}

function edit(lines: Lines, from: string, to: string): Lines {
  const place = lines.findIndex((line) => line.includes(from));
  return lines.map((line, at) => (at === place ? line.replace(from, to) : line));
}

describe("lockbench verify, after somebody has been at the evidence", () => {
  it.each(TAMPERINGS)("turns red when %s", async (_, name, change, check) => {
    const folder = place.file(`copy of ${name}`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(place.file("results"), folder, { recursive: true });
    const file = `${folder}/${latest}/${name}`;
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const changed = change(lines);
    expect(changed).not.toEqual(lines);
    writeFileSync(file, `${changed.join("\n")}\n`);
    const ended = await place.lockbench(["verify", "--results", folder]);
    expect(ended.exit, ended.stdout).toBe(1);
    expect(verdicts(ended.stdout)).toMatchObject({ evidence_intact: "FAIL", [check]: "FAIL" });
    expect(lastLine(ended)).toMatch(/^exit 1: correctness was violated: .*evidence_intact/);
  });
});
