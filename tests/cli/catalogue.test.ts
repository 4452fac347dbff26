import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CORRECT, record, SMALL } from "./support/output.ts";
import { aPlace } from "./support/place.ts";

const COMMANDS = [
  "run",
  "verify",
  "prove",
  "matrix",
  "up",
  "down",
  "status",
  "inspect",
  "logs",
  "list",
  "show",
  "init",
  "doctor",
  "completion",
];

describe("lockbench --help", () => {
  it("names every command, with examples and the exit codes", async () => {
    const { exit, stdout, stderr } = await aPlace().lockbench("--help");
    expect([exit, stderr]).toEqual([0, ""]);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    expect(stdout).toContain("Examples:");
    expect(stdout).toMatch(/Exit codes: 0 passed[^]*129\/130\/143/);
  });

  it.each(COMMANDS)("of %s shows an example that begins with it", async (command) => {
    const { exit, stdout } = await aPlace().lockbench(`${command} --help`);
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n +lockbench ${command}`));
    const examples = stdout.slice(stdout.indexOf("Examples:")).split("\n");
    expect(examples.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/--results <folder>.*env:\s+LOCKBENCH_RESULTS/s);
  });

  it("is printed with exit code 2 when nothing was typed", async () => {
    const ended = await aPlace().lockbench("");
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toContain("Usage: lockbench");
  });
});

describe("lockbench --version", () => {
  it("is the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await aPlace().lockbench("--version")).toMatchObject({ exit: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("lockbench init", () => {
  it("makes a scenario that is listed as one's own, can be shown, and runs as it is", async () => {
    const place = aPlace();
    const made = await place.lockbench("init my-shop");
    expect(made).toMatchObject({ exit: 0, stderr: "" });
    expect(made.stdout).toContain("lockbench run ./my-shop");
    expect((await place.lockbench("list")).stdout).toMatch(/^ +my-shop .*\(yours\)$/m);
    expect((await place.lockbench("show my-shop")).stdout).toContain("300 buyers");
    const ended = await place.lockbench(`run ./my-shop ${SMALL} --json`);
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(record(ended)).toMatchObject({ scenario: "my-shop", metrics: { outcomes: { sold: 10 } } });
  });

  it("touches nothing that is there already", async () => {
    const place = aPlace();
    place.write("my-shop/notes.txt", "mine");
    expect(await place.lockbench("init my-shop")).toMatchObject({ exit: 2, stdout: "" });
    expect(readFileSync(place.file("my-shop/notes.txt"), "utf8")).toBe("mine");
  });
});

describe("a scenario of one's own", () => {
  it("is found by its path where its folder is called like an option, or has spaces", async () => {
    const place = aPlace();
    await place.lockbench("init shop");
    const text = readFileSync(place.file("shop/scenario.yaml"), "utf8");
    for (const name of ["--json", "my shop"]) {
      mkdirSync(place.file(name));
      place.write(`${name}/scenario.yaml`, text);
      const shown = await place.lockbench(["show", `./${name}`]);
      expect(shown.exit, shown.stderr).toBe(0);
    }
  });
});

describe("lockbench list", () => {
  it("shows the sound scenarios apart from those that are broken on purpose", async () => {
    const place = aPlace();
    const { stdout } = await place.lockbench("list");
    expect(stdout).toMatch(/Scenarios[^]*v1_basic[^]*v1_stress[^]*Controls[^]*control_no_lock/);
    const listed = JSON.parse((await place.lockbench("list --json --tags v1")).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(["v1_basic", "v1_stress"]);
    expect((await place.lockbench("list --names")).stdout.split("\n")).toContain("v1_stress");
  });
});

describe("lockbench show", () => {
  it("tells what a scenario demands, with its README, and the whole plan as JSON", async () => {
    const place = aPlace();
    const { stdout } = await place.lockbench("show v1_stress");
    expect(stdout).toMatch(/300 buyers/);
    expect(stdout).toContain("# v1_stress");
    const plan = JSON.parse((await place.lockbench("show v1_stress --json")).stdout) as unknown;
    expect(plan).toMatchObject({ scenario: "v1_stress", load: { buyers: 300 }, products: [{ id: "1", stock: 100 }] });
  });
});

describe("lockbench completion", () => {
  const shells = ["bash", "zsh", "fish"].filter((shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0);

  it("prints scripts that the shells of this machine accept", async () => {
    const place = aPlace();
    expect(shells).toContain("bash");
    for (const shell of shells) {
      const { exit, stdout } = await place.lockbench(`completion ${shell}`);
      expect(exit).toBe(0);
      const checked = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
      expect([checked.status, checked.stderr], shell).toEqual([0, ""]);
    }
  });

  it("completes commands, options, fixed words and the names of scenarios in bash", async () => {
    const place = aPlace();
    const { stdout: script } = await place.lockbench("completion bash");
    const names = (await place.lockbench("list --names")).stdout;
    const complete = (...typed: readonly string[]): string[] => {
      const ask = `lockbench() { printf '%s' '${names}'; }; COMP_WORDS=(lockbench ${typed.join(" ")} ); COMP_CWORD=${String(typed.length)}; _lockbench; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["-c", `${script}\n${ask}`], { encoding: "utf8" })
        .stdout.trim()
        .split("\n");
    };
    expect(complete("ve")).toEqual(["verify"]);
    expect(complete("run", "--un")).toEqual(["--until-fail"]);
    expect(complete("run", "v1_s")).toEqual(["v1_stress"]);
    expect(complete("inspect", "lo")).toEqual(["locks"]);
  });
});

describe("lockbench doctor", () => {
  it("finds what this machine has, and says exit 5 and what to type where Redis and an engine are missing", async () => {
    const place = aPlace();
    expect((await place.lockbench("doctor")).stdout).toMatch(/ok +Redis server +\S+/);
    const env = { PATH: "/nowhere", DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const without = await place.lockbench("doctor", { env });
    expect(without.exit).toBe(5);
    expect(without.stdout).toMatch(/Redis server/);
    const run = await place.lockbench("run v1_basic", { env });
    expect(run.exit).toBe(5);
    expect(run.stderr).toMatch(/neither redis-server nor valkey-server is on PATH.*\n +next: install redis-server/);
  });
});
