import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findScenarios } from "../../src/scenario/find-scenarios.ts";
import { initScenario } from "../../src/scenario/init-scenario.ts";
import { listScenarios } from "../../src/scenario/list-scenarios.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { resolvePlan } from "../../src/scenario/resolve-plan.ts";
import { BUNDLED, folderWith, PACKAGE, SOUND } from "./folders.ts";

const NAMES = ["v1_basic", "v1_stress", "v2_bundle", "control_nolock", "_template"];

/** A folder in which lockbench is called, and a folder of bundled scenarios. */
async function places(own: readonly string[] = []): Promise<{ cwd: string; bundledFolder: string }> {
  const root = await folderWith({
    ...Object.fromEntries(NAMES.map((name) => [`bundled/${name}/scenario.yaml`, SOUND])),
    ...Object.fromEntries(own.map((file) => [`here/${file}`, SOUND])),
    "here/notes.txt": "no scenario",
  });
  return { cwd: join(root, "here"), bundledFolder: join(root, "bundled") };
}

async function namesOf(patterns: readonly string[], where: { cwd: string; bundledFolder: string }): Promise<string[]> {
  return (await findScenarios(patterns, where)).scenarios.map(({ name }) => name);
}

describe("finding scenarios", () => {
  it("takes names in the order given, each once", async () => {
    expect(await namesOf(["v2_bundle", "v1_basic", "v2_bundle"], await places())).toEqual(["v2_bundle", "v1_basic"]);
  });

  it("takes globs over bundled and own scenarios", async () => {
    const where = await places(["scenarios/v1_own/scenario.yaml", "v1_mine/scenario.yml"]);
    expect(await namesOf(["v1_*"], where)).toEqual(["v1_basic", "v1_mine", "v1_own", "v1_stress"]);
    expect(await namesOf(["v{1,2}_b*"], where)).toEqual(["v1_basic", "v2_bundle"]);
  });

  it("includes controls and the template only when they are named", async () => {
    const where = await places();
    expect(await namesOf(["*"], where)).toEqual(["v1_basic", "v1_stress", "v2_bundle"]);
    expect(await namesOf(["control_*"], where)).toEqual(["control_nolock"]);
    expect(await namesOf(["control_nolock"], where)).toEqual(["control_nolock"]);
  });

  it("takes paths to a folder, to its file, and globs over paths", async () => {
    const where = await places(["shops/a/scenario.yaml", "shops/b/scenario.yaml", "shops/b/quick.yaml"]);
    expect(await namesOf(["./shops/a"], where)).toEqual(["a"]);
    expect(await namesOf(["shops/b/scenario.yaml", join(where.cwd, "shops/a/")], where)).toEqual(["b", "a"]);
    expect(await namesOf(["./shops/*"], where)).toEqual(["a", "b"]);
    expect(await namesOf(["shops/b/quick.yaml"], where)).toEqual(["quick"]);
  });

  it("takes a scenario by another name that it gives itself, once", async () => {
    const where = await places();
    const file = join(where.bundledFolder, "v2_bundle/scenario.yaml");
    await writeFile(file, `aliases: [v2_old_name]\n${SOUND}`);
    expect(await namesOf(["v2_old_name", "v2_bundle"], where)).toEqual(["v2_bundle"]);
    await expect(namesOf(["v2_older_name"], where)).rejects.toThrow('found "v2_older_name"');
  });

  it("prefers the user's own scenario and says so", async () => {
    const where = await places(["scenarios/v1_basic/scenario.yaml"]);
    const { scenarios, notes } = await findScenarios(["v1_basic"], where);
    expect(scenarios).toEqual([
      { name: "v1_basic", file: join(where.cwd, "scenarios/v1_basic/scenario.yaml"), origin: "own" },
    ]);
    expect(notes).toEqual([
      "scenario v1_basic: using scenarios/v1_basic/scenario.yaml, not the bundled scenario of that name",
    ]);
  });

  it("does not take lockbench's own folder for the user's", async () => {
    const where = await places();
    await mkdir(join(where.cwd, "sub"));
    await symlink(where.bundledFolder, join(where.cwd, "scenarios"));
    const { scenarios, notes } = await findScenarios(["v1_basic"], where);
    expect([scenarios[0]?.origin, notes]).toEqual(["bundled", []]);
  });

  it("names everything that it does not find, with what was meant", async () => {
    const refused = findScenarios(["v1_stres", "nope*", "./nowhere", "v1_basic"], await places());
    await expect(refused).rejects.toMatchObject({ exit: 2 });
    await expect(refused).rejects.toThrow(
      /found "v1_stres", did you mean "v1_stress"\?\n.*nothing matches the glob "nope\*"\n.*found none at .*nowhere$/,
    );
  });
});

describe("listing scenarios", () => {
  it("gives titles and tags, and lists a broken one with its problem", async () => {
    const where = await places(["mine/scenario.yaml"]);
    await writeFile(join(where.cwd, "mine/scenario.yaml"), SOUND.replace("buyers: 300", "buyers: x"));
    const listed = await listScenarios(where);
    expect(listed.map(({ name }) => name)).toEqual(["control_nolock", "mine", "v1_basic", "v1_stress", "v2_bundle"]);
    expect(listed[2]).toMatchObject({ title: "A sale", tags: [], origin: "bundled", problem: null });
    expect(listed[1]).toMatchObject({ title: null, origin: "own" });
    expect(listed[1]?.problem).toContain("mine/scenario.yaml:24:11: load.buyers");
  });

  it("finds no fault with any bundled scenario", async () => {
    const listed = await listScenarios({ cwd: await folderWith(), bundledFolder: BUNDLED });
    expect(listed.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(["v1_basic", "v1_stress"]));
  });
});

describe("making a new scenario", () => {
  it("writes one that can be run by its name and by its path", async () => {
    const where = { cwd: await folderWith(), bundledFolder: BUNDLED };
    const { folder, files } = await initScenario("my-shop", where);
    expect(files).toEqual([join(folder, "scenario.yaml"), join(folder, "README.md")]);
    expect(await namesOf(["my-shop", "./my-shop"], where)).toEqual(["my-shop"]);
    const plan = resolvePlan(await readScenario(join(folder, "scenario.yaml")));
    expect(plan).toMatchObject({ scenario: "my-shop", title: "my-shop: three buyers for each unit", lock: "fifo" });
    expect(await readFile(join(folder, "README.md"), "utf8")).toMatch(/^# my-shop\n/);
    expect(await readFile(join(folder, "scenario.yaml"), "utf8")).toContain(
      `$schema=${join(PACKAGE, "docs/scenario.schema.json")}`,
    );
  });

  it("keeps to the contract of the bundled target", async () => {
    const where = { cwd: await folderWith(), bundledFolder: BUNDLED };
    const { folder } = await initScenario("shop", where);
    const made = (await readScenario(join(folder, "scenario.yaml"))).target;
    const bundled = (await readScenario(join(BUNDLED, "v1_stress/scenario.yaml"))).target;
    const { purchase, seed, stockProbes, purchaseProbe, answer, locks, ready } = bundled;
    expect(made).toMatchObject({ purchase, seed, stockProbes, purchaseProbe, answer, locks, ready });
    expect(made.start?.command).toEqual(bundled.start?.command);
  });

  it.each(["", "../evil", "a/b", "1st", ".hidden", "with space", "control_x", "v1_stress"])(
    "refuses the name %j",
    async (name) => {
      const where = { cwd: await folderWith(), bundledFolder: BUNDLED };
      await expect(initScenario(name, where)).rejects.toMatchObject({ exit: 2 });
    },
  );

  it("leaves a folder alone that is there already", async () => {
    const cwd = await folderWith({ "my-shop/precious.txt": "mine" });
    await expect(initScenario("my-shop", { cwd, bundledFolder: BUNDLED })).rejects.toMatchObject({ exit: 2 });
    expect(await readFile(join(cwd, "my-shop/precious.txt"), "utf8")).toBe("mine");
  });
});
