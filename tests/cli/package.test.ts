import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CORRECT, record, SMALL } from "./support/output.ts";
import { aPlace, PACKAGE, type Place } from "./support/place.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: { readonly lockbench: string };
}

/**
 * Lays a packed lockbench out as `npm install -g` does, with nothing but what is
 * in the tarball and the dependencies it names. The dependencies are linked from
 * this checkout: the tests need no network, and nothing is compiled again.
 * @returns the program that is on the user's PATH then
 */
function install(place: Place): string {
  const [tarball] = call(PACKAGE, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", place.folder);
  const installed = place.file("lib/node_modules/lockbench");
  mkdirSync(join(installed, "node_modules"), { recursive: true });
  call(place.folder, "tar", "-xzf", tarball ?? "", "--strip-components=1", "-C", installed);
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(installed, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(PACKAGE, "node_modules", name), link);
  }
  mkdirSync(place.file("bin"));
  symlinkSync(join(installed, manifest.bin.lockbench), place.file("bin/lockbench"));
  return place.file("bin/lockbench");
}

/** @returns the lines that it printed */
function call(cwd: string, program: string, ...args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout.trim().split("\n");
}

describe("the packed lockbench", () => {
  it("runs, verifies, explains and makes scenarios in an empty folder, with nothing but what is in the package", async () => {
    const binary = install(aPlace());
    const place = aPlace({ binary });
    expect((await place.lockbench("list --names")).stdout).toContain("v1_stress\n");
    const ended = await place.lockbench(`run v1_basic ${SMALL} --json`);
    expect(CORRECT, ended.stdout + ended.stderr).toContain(ended.exit);
    expect(record(ended).metrics.outcomes.sold).toBe(10);
    expect(record(await place.lockbench("verify --json")).id).toBe(record(ended).id);
    expect((await place.lockbench("show v1_stress")).stdout).toContain("# v1_stress");
    expect(await place.lockbench("init my-shop")).toMatchObject({ exit: 0 });
    expect(record(await place.lockbench(`run ./my-shop ${SMALL} --json`)).scenario).toBe("my-shop");
    expect(await place.lockbench("prove control_no_lock")).toMatchObject({ exit: 0 });
  });
});
