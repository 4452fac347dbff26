import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../src/domain/matrix.ts";
import { CORRECT, keptRuns, SMALL } from "./support/output.ts";
import { aPlace, type Place } from "./support/place.ts";
import type { Ended } from "./support/started.ts";

const MATRIX = `locks:
  - { lock: lua, title: one atomic step }
faults:
  - { fault: none, scenarios: [v1_basic] }
cells:
  - { lock: lua, scenario: v1_basic, promised: nothing comes between, expected: pass }
`;

function placeWithMatrix(): Place {
  const place = aPlace();
  place.write("m.yaml", MATRIX);
  return place;
}

/** The one cell that `--json` prints. */
function onlyCell({ stdout }: Ended): Cell {
  const { cells } = JSON.parse(stdout) as { readonly cells: readonly Cell[] };
  const [cell] = cells;
  if (cell === undefined || cells.length > 1) throw new Error(`expected one cell, found ${String(cells.length)}`);
  return cell;
}

function lastError({ stderr }: Ended): string {
  return stderr.trimEnd().split("\n").at(-1) ?? "";
}

describe("lockbench matrix", () => {
  it("proves nothing without runs, and says which command to type", async () => {
    const ended = await placeWithMatrix().lockbench("matrix m.yaml");
    expect(ended.exit).toBe(4);
    expect(ended.stdout).toContain("**no run**");
    expect(ended.stderr).toContain("lockbench run v1_basic --lock lua --repeat 3");
    expect(lastError(ended)).toMatch(/^exit 4: inconclusive: nothing proves lua in v1_basic/);
  });

  it("takes no run with fewer buyers, and none with another lock, for evidence", async () => {
    const place = placeWithMatrix();
    expect(CORRECT).toContain((await place.lockbench(`run v1_basic --lock lua,fifo ${SMALL} --quiet`)).exit);
    expect(keptRuns(place)).toHaveLength(2);
    expect(onlyCell(await place.lockbench("matrix m.yaml --json")).seen.runs).toBe(0);
  });

  it("runs what is missing and no more, and judges by what was asked and by which version", async () => {
    const place = placeWithMatrix();
    const first = await place.lockbench("matrix m.yaml --run --repeat 1");
    expect(first, first.stderr).toMatchObject({ exit: 0 });
    expect(first.stdout).toMatch(/\| `lua` \| PASS 1 of 1 \|/);
    const [run = ""] = keptRuns(place);
    expect(first.stdout).toContain(`\`${run}\``);
    const again = await place.lockbench("matrix m.yaml --run --repeat 1 --short");
    expect(again).toMatchObject({ exit: 0, stderr: "exit 0: all 1 cells were seen as expected\n" });
    expect(again.stdout.trim().split("\n")).toHaveLength(3);
    expect(keptRuns(place)).toEqual([run]);

    place.write("broken.yaml", MATRIX.replace("expected: pass", "expected: fail, checks: [oversold]"));
    const otherwise = await place.lockbench("matrix broken.yaml");
    expect(otherwise.exit).toBe(1);
    expect(lastError(otherwise)).toMatch(/^exit 1: seen otherwise.*lua in v1_basic \(PASS 1 of 1 .*oversold/);

    edit(place, run, "record.json", '"lockbench": "', '"lockbench": "0.0.');
    expect(onlyCell(await place.lockbench("matrix m.yaml --json"))).toMatchObject({ standing: "unproven" });
    expect(onlyCell(await place.lockbench("matrix m.yaml --json --all"))).toMatchObject({ standing: "as_expected" });
    edit(place, run, "plan.json", '"replicas": 1', '"replicas": 2');
    const edited = await place.lockbench("matrix m.yaml --json --all");
    expect(onlyCell(edited)).toMatchObject({ standing: "unproven" });
    expect(edited.stderr).toMatch(/does not count.*plan\.json.*sha256/);
  });

  it("starts no run in containers that would not count, since the wire cannot be judged there", async () => {
    const place = aPlace();
    place.write("m.yaml", MATRIX.replaceAll("v1_basic", "v3_redlock_manual").replaceAll("lua", "redlock-manual"));
    const refused = await place.lockbench("matrix m.yaml --run --repeat 1 --stack docker");
    expect(refused, refused.stderr).toMatchObject({ exit: 2, stdout: "" });
    expect(refused.stderr).toContain("v3_redlock_manual is judged by what passes between the servers and Redis");
    // Neither where `auto` would take containers, for want of a Redis server on PATH.
    const auto = await place.lockbench("matrix m.yaml --run --repeat 1", { env: { PATH: place.folder } });
    expect(auto, auto.stderr).toMatchObject({ exit: 2, stdout: "" });
    expect(auto.stderr).toContain("--stack local");
  });

  it("refuses a matrix with a mistake, with its place", async () => {
    const place = aPlace();
    place.write("m.yaml", MATRIX.replace("expected: pass", "expected: fail, checks: [p99]"));
    const ended = await place.lockbench("matrix m.yaml --run");
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toMatch(/m\.yaml:6:\d+: cells\[0\]\.checks\[0\]: expected one of oversold, .* found "p99"/);
  });

  it("reads the bundled matrix where no other is named", async () => {
    const ended = await aPlace().lockbench("matrix --json");
    expect(ended.exit, ended.stderr).toBe(4);
    const { cells } = JSON.parse(ended.stdout) as { readonly cells: readonly Cell[] };
    expect(cells.map(({ lock, scenario }) => `${lock} ${scenario}`)).toContain("fifo v1_stress");
  });
});

function edit(place: Place, run: string, name: string, from: string, to: string): void {
  const file = place.file("results", run, name);
  const text = readFileSync(file, "utf8");
  expect(text, join(run, name)).toContain(from);
  writeFileSync(file, text.replace(from, to));
}
