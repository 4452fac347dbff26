import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "../../src/host/processes.ts";
import { listSessions, namesIn, writeRecord } from "../../src/stacks/sessions/folders.ts";
import { reap } from "../../src/stacks/sessions/reap.ts";
import { claim } from "../../src/stacks/sessions/remove.ts";
import { isUp, type Owner, startOwner } from "./owner.ts";
import { aPlace, aPlan, type Place, processesOf, until } from "./shop.ts";

let place: Place;
let owners: Owner[] = [];
beforeEach(() => {
  place = aPlace();
});
afterEach(async () => {
  await Promise.all(owners.map((owner) => owner.kill()));
  owners = [];
  await reap(place.runtime);
  await place.close();
});

function owner(...given: Parameters<typeof startOwner>): Owner {
  const started = startOwner(...given);
  owners.push(started);
  return started;
}

function expectNothingLeft(session?: string): void {
  expect(processesOf(place, session)).toEqual([]);
  expect(namesIn(place.runtime.folder).filter((name) => name !== "ports")).toEqual([]);
  expect(namesIn(join(place.runtime.folder, "ports"))).toEqual([]);
}

test("what a lockbench that was killed leaves behind is stopped and removed", async () => {
  const killed = owner(place, aPlan(place, { stack: { redisNodes: 2 } }));
  const up = await isUp(killed);
  const pid = killed.child.pid ?? 0;
  await killed.kill();
  expect(processesOf(place, up.id).length).toBe(3);
  const lines = await reap(place.runtime);
  expect(lines.length).toBe(1);
  expect(lines[0]).toMatch(
    new RegExp(
      `^removed what a lockbench in ${place.folder} \\(pid ${String(pid)}\\) left behind: app \\(pid \\d+, port \\d+\\), redis`,
    ),
  );
  expectNothingLeft(up.id);
  expect(await reap(place.runtime)).toEqual([]);
});

test.each(["progress starting Redis", "progress starting the server"])(
  "killed at %s, it leaves nothing that is not found",
  async (moment) => {
    const grandchild = place.program("slow.mjs", `setTimeout(() => import("./server.mjs"), 300);`);
    const killed = owner(place, aPlan(place, { start: { command: ["sh", "-c", `${grandchild.join(" ")} & wait`] } }));
    await killed.line(moment);
    await killed.kill();
    await reap(place.runtime);
    // A child that was just being forked belongs to nobody yet: it finds its folder gone, and ends by itself.
    await until("its end", () => processesOf(place).length === 0 || undefined);
    expectNothingLeft();
  },
);

test("a Redis whose pid was never written down is found by its folder and port", async () => {
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  const [entry] = listSessions(place.runtime);
  if (entry === undefined) throw new Error("no session was written");
  writeRecord(entry.path, {
    ...entry.session,
    services: entry.session.services.map((service) => ({ ...service, process: null })),
  });
  await reap(place.runtime);
  expectNothingLeft(up.id);
});

test("a record that is garbled hides nothing", async () => {
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  writeFileSync(join(place.runtime.folder, up.id, "session.json"), '{"version": 1, "serv');
  expect(await reap(place.runtime)).toEqual([
    expect.stringContaining("a session whose record cannot be read left behind: pid "),
  ]);
  expectNothingLeft(up.id);
});

test("a record that is garbled while its owner lives is left alone", async () => {
  const living = owner(place, aPlan(place));
  const up = await isUp(living);
  writeFileSync(join(place.runtime.folder, up.id, "session.json"), "");
  expect(await reap(place.runtime)).toEqual([]);
  expect(processesOf(place, up.id).length).toBeGreaterThanOrEqual(3);
});

test("the stack of a lockbench that still works is left alone", async () => {
  const living = owner(place, aPlan(place));
  const up = await isUp(living);
  expect(await reap(place.runtime)).toEqual([]);
  expect((await fetch(up.servers[0] ?? "")).status).toBe(200);
});

test("a process that was given the number of one of ours is never touched", async () => {
  const bystander = spawn("sleep", ["60"], { detached: true });
  const pid = bystander.pid ?? 0;
  const startTime = place.runtime.processes.startTime(pid) ?? "";
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  const [entry] = listSessions(place.runtime);
  if (entry === undefined) throw new Error("no session was written");
  const services = entry.session.services.map((service) => ({ ...service, process: { pid, startTime: "12345" } }));
  writeRecord(entry.path, { ...entry.session, services });
  await reap(place.runtime);
  expectNothingLeft(up.id);
  expect(isAlive(place.runtime.processes, { pid, startTime })).toBe(true);
  bystander.kill("SIGKILL");
});

test("a shell that a user left standing in a session's folder is not touched", async () => {
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  const shell = spawn("sleep", ["60"], { cwd: join(place.runtime.folder, up.id, "logs") });
  const startTime = place.runtime.processes.startTime(shell.pid ?? 0) ?? "";
  await reap(place.runtime);
  expect(isAlive(place.runtime.processes, { pid: shell.pid ?? 0, startTime })).toBe(true);
  shell.kill("SIGKILL");
});

test("a child that its owner had only just forked is known by the log that it writes to", async () => {
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  const log = join(place.runtime.folder, up.id, "logs", "redis.log");
  const sleeper = (access: string): ChildProcess => {
    const output = openSync(log, access);
    try {
      return spawn("sleep", ["60"], { cwd: "/", env: {}, stdio: ["ignore", output, "ignore"] });
    } finally {
      closeSync(output);
    }
  };
  const reader = sleeper("r");
  const startTime = place.runtime.processes.startTime(reader.pid ?? 0) ?? "";
  const writer = sleeper("a");
  const gone = once(writer, "exit");
  await reap(place.runtime);
  expect(await gone).toEqual([null, "SIGTERM"]);
  expect(isAlive(place.runtime.processes, { pid: reader.pid ?? 0, startTime })).toBe(true);
  reader.kill("SIGKILL");
});

test("several commands that reap at once share the work and do not trip over each other", async () => {
  const killed = [owner(place, aPlan(place)), owner(place, aPlan(place))];
  await Promise.all(killed.map(isUp));
  await Promise.all(killed.map((one) => one.kill()));
  const lines = await Promise.all([1, 2, 3, 4].map(() => reap(place.runtime)));
  expect(lines.flat().length).toBe(2);
  expectNothingLeft();
});

test("what a reaper that was killed itself has not finished is finished by the next", async () => {
  const killed = owner(place, aPlan(place));
  const up = await isUp(killed);
  await killed.kill();
  const dead = { ...place.runtime.processes, startTime: () => "1" };
  expect(claim({ ...place.runtime, processes: dead }, up.id)).toContain(".dying-");
  expect((await reap(place.runtime)).length).toBe(1);
  expectNothingLeft(up.id);
});

test("reaping where lockbench never ran does nothing", async () => {
  expect(await reap(place.runtime)).toEqual([]);
  mkdirSync(place.runtime.folder);
  expect(await reap(place.runtime)).toEqual([]);
});
