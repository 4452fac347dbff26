import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dockerEngine } from "../../src/doctor/docker.ts";
import { examine } from "../../src/doctor/examine.ts";
import { fileDescriptors, serverPort } from "../../src/doctor/machine.ts";
import { redisServer } from "../../src/doctor/redis.ts";
import { renderDoctor } from "../../src/doctor/render.ts";
import { type DoctorLine, type DoctorReport, reportOf } from "../../src/doctor/report.ts";
import { satisfies } from "../../src/doctor/version-range.ts";
import { systemHost } from "../../src/host/host.ts";
import { freePort } from "../support/free-port.ts";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const host = systemHost();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockbench-doctor-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function look(env: Readonly<Record<string, string>> = {}): Promise<DoctorReport> {
  const all = { ...process.env, LOCKBENCH_RUNTIME_DIR: join(folder, "runtime"), ...env };
  return examine({ host: { ...host, env: all }, resultsFolder: join(folder, "results"), packageFolder });
}

function lineOf(report: DoctorReport, name: string): DoctorLine | undefined {
  return report.lines.find((line) => line.name === name);
}

test("a machine that has everything is well, and doctor leaves no trace on it", async () => {
  const report = await look();
  expect(report.exit).toBe(0);
  expect(lineOf(report, "Node")).toEqual({ name: "Node", health: "ok", found: process.version });
  expect(lineOf(report, "Redis server")?.found).toMatch(/-server \d+\.\d+/);
  expect(lineOf(report, "earlier runs")?.found).toBe("nothing left behind");
  expect(lineOf(report, "results database")?.found).toBe("no runs yet");
});

test("without a Redis server and an engine something is missing: exit 5, and what to type on this system", async () => {
  writeFileSync(join(folder, "dnf"), "#!/bin/sh\n", { mode: 0o755 });
  const report = await look({ PATH: folder, DOCKER_HOST: `unix://${join(folder, "no.sock")}` });
  expect(report.exit).toBe(5);
  expect(lineOf(report, "Redis server")).toMatchObject({
    health: "missing",
    advice: expect.stringContaining("dnf install") as string,
  });
});

test("a Redis server that does not run is as good as none", async () => {
  const broken = join(folder, "redis-server");
  writeFileSync(broken, "#!/bin/sh\nexit 127\n");
  chmodSync(broken, 0o755);
  expect(lineOf(await look({ PATH: folder }), "Redis server")?.health).toBe("missing");
});

test("a results database that cannot be read: how to move it aside", async () => {
  mkdirSync(join(folder, "results"));
  const file = join(folder, "results", "lockbench.db");
  const database = new Database(file);
  database.exec("CREATE TABLE runs (id TEXT)");
  database.close();
  expect(lineOf(await look(), "results database")).toMatchObject({ health: "ok", found: `${file}, intact` });
  writeFileSync(file, "this is no database, and never was one");
  const report = await look();
  expect(report.exit).toBe(5);
  expect(lineOf(report, "results database")?.advice).toContain(`mv ${file} ${file}.corrupt`);
});

test("what a killed command left behind is a warning, since the next one removes it", async () => {
  mkdirSync(join(folder, "runtime", "lb-999999999-1-0a0b0c0d"), { recursive: true });
  const report = await look();
  expect(report.exit).toBe(0);
  expect(lineOf(report, "earlier runs")).toMatchObject({
    health: "warn",
    found: `1 left behind in ${join(folder, "runtime")}`,
  });
});

test("a taken port is a warning that names who holds it", async () => {
  const port = await freePort();
  const { processes } = host;
  expect(await serverPort(processes, port)).toMatchObject({ health: "ok", found: "free" });
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, "127.0.0.1", resolve));
  const line = await serverPort(processes, port);
  expect(line.health).toBe("warn");
  expect(line.found).toContain(`(pid ${String(process.pid)})`);
  await new Promise((resolve) => holder.close(resolve));
});

test("too few open files for the buyers: the ulimit to type", () => {
  expect(fileDescriptors(1).health).toBe("ok");
  expect(fileDescriptors(1e9)).toMatchObject({ health: "warn", advice: "type: ulimit -n 4000000000" });
});

test("a Docker engine that answers is shown with its version and images, and one that does not is a warning", async () => {
  const socket = join(folder, "docker.sock");
  const engine = createHttpServer(({ url = "" }, response) => {
    response.setHeader("content-type", url.endsWith("/_ping") ? "text/plain" : "application/json");
    if (url.includes("/images/here")) response.end("{}");
    else if (url.includes("/images/")) response.writeHead(404).end('{"message": "No such image"}');
    else response.end(url.endsWith("/_ping") ? "OK" : '{"Version": "29.1.0"}');
  });
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  const env = { DOCKER_HOST: `unix://${socket}`, LOCKBENCH_REDIS_IMAGE: "here:1" };
  const version = { health: "ok", found: `29.1.0 at unix://${socket} (DOCKER_HOST)` };
  expect(await dockerEngine(env, folder)).toMatchObject([
    version,
    {
      health: "warn",
      found: "not on this engine yet: node:20-bookworm-slim",
      advice: expect.stringContaining("name images of your own in LOCKBENCH_NODE_IMAGE") as string,
    },
  ]);
  expect(await dockerEngine({ ...env, LOCKBENCH_NODE_IMAGE: "here:2" }, folder)).toMatchObject([
    version,
    { health: "ok", found: "here:1, here:2" },
  ]);
  await new Promise((resolve) => engine.close(resolve));
  expect(await dockerEngine(env, folder)).toMatchObject([
    { health: "warn", advice: expect.stringContaining("nothing for the local stack") as string },
  ]);
});

test("with a Docker engine a missing Redis server is only a warning", async () => {
  expect(await redisServer({ PATH: folder }, true)).toMatchObject({ health: "warn" });
  expect(await redisServer({ PATH: folder }, false)).toMatchObject({ health: "missing" });
});

test("version ranges as package.json writes them", () => {
  const range = "^20.19.0 || ^22.13.0 || >=24";
  const fits = ["v20.19.0", "v20.20.2", "v22.13.1", "v24.0.0", "v25.1.0"];
  const fails = ["v18.20.0", "v20.18.9", "v21.0.0", "v22.12.9", "v23.9.0"];
  expect(fits.filter((version) => !satisfies(version, range))).toEqual([]);
  expect(fails.filter((version) => satisfies(version, range))).toEqual([]);
});

test("what does not fit goes on beneath, in its own column", () => {
  const found = { name: "port 8080", health: "warn", found: "taken by nginx", advice: "free ones are chosen" } as const;
  const wrap = (line: string): string[] => line.split(" by ");
  expect(renderDoctor(reportOf([found]), { colour: false, wrap })).toBe(
    ["warn     port 8080  taken", "nginx", "free ones are chosen\n"].join(`\n${" ".repeat(20)}`),
  );
});

test("the report is aligned, and readable without colour", () => {
  const report = reportOf([
    { name: "Node", health: "ok", found: "v20.20.2" },
    { name: "Redis server", health: "missing", found: "none", advice: "type: apk add redis" },
  ]);
  const text =
    "ok       Node          v20.20.2\nmissing  Redis server  none\n                       type: apk add redis\n";
  expect(renderDoctor(report, { colour: false, wrap: (line) => [line] })).toBe(text);
  expect(renderDoctor(report, { colour: true, wrap: (line) => [line] })).toContain("\u001b[31m");
});
