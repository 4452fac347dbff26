import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keptRuns, record, SMALL } from "./support/output.ts";
import { aPlace, BINARY, type Place } from "./support/place.ts";
import type { Ended } from "./support/started.ts";
import { ESCAPE, inTerminal, quoted, screenLines } from "./support/terminal.ts";
import { until } from "./support/until.ts";

const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`);

/** What bash makes of a line in which `lockbench` is the real one. */
function shell(
  place: Place,
  line: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const script = `lockbench() { ${quoted(process.execPath)} ${quoted(BINARY)} "$@"; }\n${line}`;
  return spawnSync("bash", ["-c", script], { cwd: place.folder, env: { ...place.env }, encoding: "utf8" });
}

describe("output that goes into a pipe or a file", () => {
  it("has no colours and no live line", async () => {
    const place = aPlace();
    const { stdout, stderr } = await place.lockbench(`run v1_basic ${SMALL} --lock fifo,none`, {
      env: { TERM: "xterm-256color" },
    });
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(stdout + stderr).not.toContain("\r");
  });

  it("is as wide as COLUMNS says, where no terminal says it", async () => {
    const place = aPlace();
    const widest = async (typed: string, columns: string): Promise<number> => {
      const { stdout } = await place.lockbench(typed, { env: { COLUMNS: columns } });
      return Math.max(...stdout.split("\n").map((line) => line.length));
    };
    for (const typed of ["list", "run --help"]) {
      expect(await widest(typed, "80"), typed).toBeLessThanOrEqual(80);
      expect(await widest(typed, "140"), typed).toBeGreaterThan(80);
    }
    for (const nonsense of ["", "wide", "0", "-3"])
      expect(await widest("list", nonsense)).toBe(await widest("list", "100"));
  });

  it("may be read only in part, without a complaint", () => {
    const place = aPlace();
    for (const line of [
      "lockbench list | head -1",
      "lockbench list | true",
      "lockbench show v1_stress | true",
      "lockbench --help | true",
    ]) {
      const ended = shell(place, `${line}; exit "\${PIPESTATUS[0]}"`);
      expect([ended.status, ended.stderr], line).toEqual([0, ""]);
    }
  });

  it("may lose its reader in the middle of a run, which is ended and kept all the same", () => {
    const place = aPlace();
    const ended = shell(place, `lockbench run v1_stress --lock none --repeat 2 2>&1 | true; exit "\${PIPESTATUS[0]}"`);
    expect(ended.status).toBe(1);
    expect(keptRuns(place)).toHaveLength(2);
    expect(place.left()).toEqual([]);
  });

  it("that cannot be written is an error of the environment, never a success", () => {
    const ended = shell(aPlace(), "lockbench list --json > /dev/full");
    expect(ended.status).toBe(5);
    expect(ended.stderr).toMatch(/^exit 5: the results could not be written to stdout: ENOSPC/m);
    const violated = shell(aPlace(), "lockbench run v1_stress --lock none > /dev/full");
    expect(violated.status).toBe(1);
  });
});

describe("output on a terminal", () => {
  async function onScreen(args: string, env: Record<string, string> = {}): Promise<Ended & { readonly place: Place }> {
    const place = aPlace();
    return { ...(await inTerminal(place, args, { columns: 80, env }).ended), place };
  }

  it("is at most as wide as the terminal, also where a run fails and its evidence is shown", async () => {
    const { stdout, exit } = await onScreen("run v1_stress --lock none,fifo");
    expect(exit).toBe(1);
    const tooWide = screenLines(stdout).filter((line) => !line.startsWith("exit ") && line.length > 80);
    expect(tooWide).toEqual([]);
  });

  it.each(["list", "run --help", "doctor", "list --runs", "show v1_stress", "show v4_circuit_breaker"])(
    "is at most as wide as the terminal: lockbench %s",
    async (typed) => {
      const { stdout } = await onScreen(typed);
      expect(screenLines(stdout).filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("has colours, and a live line that is gone at the end", async () => {
    const { stdout } = await onScreen(`run v1_basic ${SMALL}`);
    expect(stdout).toMatch(COLOUR);
    expect(stdout).toMatch(/\r.*v1_basic \(fifo\) {2}(starting|selling|settling)/);
    const written = stdout.slice(stdout.lastIndexOf(`\r${ESCAPE}[2K`));
    expect(written).toContain("v1_basic · lock fifo");
  });

  it.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
    ["LOCKBENCH_NO_COLOR", "1"],
  ])("has no colours with %s=%s", async (name, value) => {
    const { stdout } = await onScreen(`run v1_basic ${SMALL}`, { [name]: value });
    expect(stdout).toMatch(/^exit \d: /m);
    expect(stdout).not.toMatch(COLOUR);
  });

  it("has no live line in CI", async () => {
    const { stdout } = await onScreen(`run v1_basic ${SMALL}`, { CI: "true" });
    expect(stdout).not.toContain(`${ESCAPE}[2K`);
  });
});

describe("JSON", () => {
  it("is the only thing on stdout even when something goes wrong or is worth a note", async () => {
    const place = aPlace();
    const killed = place.start("run v1_basic --run-time 60s");
    await until("its stack", () => place.left().length >= 3 || undefined);
    killed.signal("SIGKILL");
    await killed.ended;
    const ended = await place.lockbench(`run v1_basic ${SMALL} --json`);
    expect(record(ended).scenario).toBe("v1_basic");
    expect(ended.stderr).toContain("removed what a lockbench");
    expect((await place.lockbench("run v1_basick --json")).stdout).toBe("");
    expect(existsSync(place.file("results"))).toBe(true);
  });
});
