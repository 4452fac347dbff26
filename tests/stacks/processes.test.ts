import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownIdentity, isAlive } from "../../src/host/processes.ts";
import { procProcesses } from "../../src/host/proc-processes.ts";
import { psProcesses } from "../../src/host/ps-processes.ts";
import { prepareRuntimeFolder } from "../../src/stacks/sessions/runtime.ts";
import { until } from "./shop.ts";

const views = { "/proc": procProcesses(), ps: psProcesses() };

test.each(Object.entries(views))("%s tells a living process from one that has ended", async (_, processes) => {
  const child = spawn("sleep", ["60"], { detached: true, env: { ...process.env, MARK: "here" } });
  const pid = child.pid ?? 0;
  const startTime = processes.startTime(pid) ?? "";
  expect(isAlive(processes, { pid, startTime })).toBe(true);
  expect(isAlive(processes, { pid, startTime: `${startTime}0` })).toBe(false);
  expect(processes.groupAlive(pid)).toBe(true);
  const view = await until("the program to run", () =>
    processes.all().find((one) => one.pid === pid && one.hasEnvironment("MARK", "here")),
  );
  expect(view.group).toBe(pid);
  expect(view.commandLine).toContain("sleep 60");
  expect(view.hasEnvironment("MARK", "her")).toBe(false);
  child.kill("SIGKILL");
  await until("its end", () => (processes.startTime(pid) === undefined ? true : undefined));
  expect(processes.groupAlive(pid)).toBe(false);
});

test("a zombie, which nobody has waited for, counts as dead", async () => {
  // The shell becomes `sleep`, which never waits for the child that the shell had.
  const parent = spawn("sh", ["-c", "cat <&3 & echo $!; exec sleep 60 3<&-"], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const pid = await new Promise<number>((resolve) =>
    parent.stdout?.once("data", (text: Buffer) => resolve(Number(text.toString()))),
  );
  await until("the shell has become sleep", () =>
    readFileSync(`/proc/${String(parent.pid)}/cmdline`, "utf8").startsWith("sleep") ? true : undefined,
  );
  // Now the child ends, not before: the shell would wait for it.
  parent.stdio[3]?.destroy();
  await until("a zombie", () =>
    readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ") ? true : undefined,
  );
  expect(procProcesses().startTime(pid)).toBeUndefined();
  expect(psProcesses().startTime(pid)).toBeUndefined();
  parent.kill("SIGKILL");
});

test("this process knows itself", () => {
  expect(isAlive(views["/proc"], ownIdentity(views["/proc"]))).toBe(true);
});

test("a runtime folder that somebody else could write is refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "lockbench-runtime-"));
  prepareRuntimeFolder(join(folder, "a", "b"));
  symlinkSync(join(folder, "a"), join(folder, "link"));
  expect(() => prepareRuntimeFolder(join(folder, "link"))).toThrow("found something that is not a folder");
  expect(() => prepareRuntimeFolder("/tmp")).toThrow(/found (mode 777|one of user)/);
  expect(() => prepareRuntimeFolder("/etc/hostname/x")).toThrow("runtime folder cannot be made: /etc/hostname/x");
  rmSync(folder, { recursive: true });
});
