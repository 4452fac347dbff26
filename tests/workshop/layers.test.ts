import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const rules = join(root, ".dependency-cruiser.cjs");
const trees: string[] = [];

afterEach(async () => {
  await Promise.all(trees.splice(0).map((tree) => rm(tree, { recursive: true, force: true })));
});

/** For each rule a file that breaks it, and what that file imports. */
const breaches: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  "no-cycles": ["src/store/a.ts", "./b.ts"],
  "no-orphans": ["src/reporters/lonely.ts", ""],
  "imports-resolve": ["src/host/nowhere.ts", "./nothing-there.ts"],
  "domain-imports-only-itself": ["src/domain/record.ts", "../server/shop.ts"],
  "server-is-a-house-of-its-own": ["src/server/shop.ts", "../domain/errors.ts"],
  "nobody-imports-the-server": ["src/cli/up.ts", "../server/shop.ts"],
  "controls-import-only-the-server": ["src/controls/flaw.ts", "../domain/errors.ts"],
  "nobody-imports-the-controls": ["src/cli/prove.ts", "../controls/flaw.ts"],
  "the-tap-knows-only-the-domain": ["src/tap/lane.ts", "../host/clock.ts"],
  "the-tap-is-reached-by-its-door": ["src/cli/wire.ts", "../tap/client.ts"],
  "rooms-keep-apart": ["src/reporters/table.ts", "../store/folder.ts"],
  "the-host-knows-no-room": ["src/host/clock.ts", "../checks/check.ts"],
  "run-sees-only-interfaces": ["src/run/conduct.ts", "../engines/autocannon.ts"],
  "only-the-registry-knows-concrete-classes": ["src/cli/run.ts", "../probes/redis.ts"],
  "nobody-imports-the-command-line": ["src/stacks/local.ts", "../cli/run.ts"],
  "checks-are-pure": ["src/checks/oversold.ts", "node:fs"],
  "reporters-render-strings": ["src/reporters/json.ts", "node:fs"],
  "processes-are-started-in-few-places": ["src/cli/logs.ts", "node:child_process"],
  "no-dev-dependency-in-the-product": ["src/store/folder.ts", "vitest"],
  "the-product-does-not-import-its-workshop": ["src/cli/bench.ts", "../../bench/run.ts"],
  "checks-do-not-lean-on-each-other": ["src/checks/receipts.ts", "./oversold.ts"],
  "probes-do-not-lean-on-each-other": ["src/probes/redis.ts", "./sqlite.ts"],
};

/** What the breaches import, and the lists from which the rules learn what an implementation is. */
const surroundings: Readonly<Record<string, readonly string[]>> = {
  "src/domain/errors.ts": [],
  "src/store/b.ts": ["./a.ts"],
  "src/checks/check.ts": [],
  "src/checks/all.ts": ["./receipts.ts", "./oversold.ts"],
  "src/engines/autocannon.ts": [],
  "src/probes/sqlite.ts": [],
  "src/tap/client.ts": [],
  "src/cli/registry.ts": ["../probes/redis.ts", "../probes/sqlite.ts"],
  "bench/run.ts": [],
};

const soundHouse: Readonly<Record<string, readonly string[]>> = {
  "src/domain/errors.ts": [],
  "src/host/clock.ts": ["../domain/errors.ts"],
  "src/stacks/stack.ts": ["../domain/errors.ts"],
  "src/stacks/local.ts": ["./stack.ts", "./local/redis.ts", "../host/clock.ts", "../tap/client.ts"],
  "src/tap/protocol.ts": ["../domain/errors.ts"],
  "src/tap/client.ts": ["./protocol.ts"],
  "src/tap/main.ts": ["./protocol.ts"],
  "src/stacks/local/redis.ts": ["node:child_process"],
  "src/probes/probe.ts": ["../stacks/stack.ts"],
  "src/probes/redis.ts": ["./probe.ts"],
  "src/checks/check.ts": ["../domain/errors.ts"],
  "src/checks/all.ts": ["./oversold.ts", "./receipts.ts"],
  "src/checks/oversold.ts": ["./check.ts", "./committed-units.ts"],
  "src/checks/receipts.ts": ["./check.ts", "./committed-units.ts"],
  "src/checks/committed-units.ts": ["../domain/errors.ts"],
  "src/run/conduct.ts": ["../stacks/stack.ts", "../probes/probe.ts", "../checks/check.ts", "../domain/errors.ts"],
  "src/cli/registry.ts": ["../probes/redis.ts", "../checks/all.ts", "../stacks/local.ts"],
  "src/cli/main.ts": ["./registry.ts", "../run/conduct.ts"],
  "src/server/locks/fifo.ts": ["node:crypto"],
  "src/server/main.ts": ["./locks/fifo.ts"],
  "src/controls/main.ts": ["../server/locks/fifo.ts"],
};

test("a house that keeps the rules passes", async () => {
  expect(await violations(soundHouse)).toEqual([]);
});

test("each rule notices the import that breaks it, even an import of a type alone", async () => {
  const broken = Object.fromEntries(
    Object.values(breaches).map(([file, target]) => [file, target === "" ? [] : [target]]),
  );
  const found = await violations({ ...surroundings, ...broken });

  const unnoticed = Object.entries(breaches).filter(
    ([rule, [file]]) => !found.some((violation) => violation.rule === rule && violation.from === file),
  );

  expect(unnoticed).toEqual([]);
});

test("every rule has a breach in this file", () => {
  const config = createRequire(import.meta.url)(rules) as { forbidden: readonly { name: string }[] };
  const general = config.forbidden.map(({ name }) => name).filter((name) => !name.endsWith("-lean-on-each-other"));

  expect(general.filter((name) => !(name in breaches))).toEqual([]);
});

interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** Writes the files, each with type imports of what it is said to import, and asks dependency-cruiser. */
async function violations(files: Readonly<Record<string, readonly string[]>>): Promise<Violation[]> {
  const tree = await mkdtemp(join(tmpdir(), "lockbench-layers-"));
  trees.push(tree);
  for (const [file, imports] of Object.entries(files)) {
    await mkdir(join(tree, dirname(file)), { recursive: true });
    const lines = imports.map((target, at) => `import type * as T${String(at)} from "${target}";`);
    await writeFile(join(tree, file), [...lines, "export type Nothing = null;", ""].join("\n"));
  }
  await writeFile(join(tree, "package.json"), JSON.stringify({ devDependencies: { vitest: "*" } }));
  await writeFile(join(tree, "tsconfig.json"), JSON.stringify({ compilerOptions: { module: "nodenext" } }));
  await symlink(join(root, "node_modules"), join(tree, "node_modules"));
  return cruise(tree);
}

async function cruise(tree: string): Promise<Violation[]> {
  const { stdout } = await execa("depcruise", ["--config", rules, "--output-type", "json", "src"], {
    cwd: tree,
    preferLocal: true,
    localDir: root,
    // Its exit code is the number of violations; a crash would leave no JSON behind.
    reject: false,
  });
  const report = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return report.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }));
}
