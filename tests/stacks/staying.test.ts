import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "../../src/stacks/fingerprint.ts";
import { listSessions, type SessionEntry } from "../../src/stacks/sessions/folders.ts";
import { keepSession, lastRun, noteRun, servicesOf, stopSessions } from "../../src/stacks/sessions/manage.ts";
import { reap } from "../../src/stacks/sessions/reap.ts";
import { statusOf } from "../../src/stacks/sessions/status.ts";
import { isUp, type Owner, startOwner, type UpSays } from "./owner.ts";
import { aPlace, aPlan, ask, type Place, type PlanChanges, processesOf, until } from "./shop.ts";

let place: Place;
let owners: Owner[] = [];
beforeEach(() => {
  place = aPlace();
});
afterEach(async () => {
  await Promise.all(owners.map((owner) => owner.kill()));
  owners = [];
  await stopSessions(place.runtime, {});
  await place.close();
});

/** `lockbench up` in a process of its own, which has ended when this resolves. */
async function upAndExit(changes: PlanChanges = {}): Promise<UpSays> {
  const owner = startOwner(place, aPlan(place, changes), { stays: true, thenExit: true });
  owners.push(owner);
  const up = await isUp(owner);
  await owner.exited();
  return up;
}

function theSession(): SessionEntry {
  const [entry] = listSessions(place.runtime, place.folder);
  if (entry === undefined) throw new Error("no session was written");
  return entry;
}

test("a stack that stays outlives its command and every reaping, and the next run finds it", async () => {
  const up = await upAndExit();
  expect(await reap(place.runtime)).toEqual([]);
  const stack = await place.stack.attach(aPlan(place), place.options());
  expect(stack).toMatchObject({ id: up.id, reused: true, servers: up.servers, redis: up.redis });
  expect(stack?.variables["redis.url"]).toBe(up.redis[0]?.url);
  expect(await stack?.casualties()).toEqual([]);
  await stack?.down();
  expect((await ask(up.servers[0])).env["LOCKBENCH_SESSION"]).toBe(up.id);
});

test("only a stack that fits is used: same target, lock, nodes, replicas, port and folder", async () => {
  const up = await upAndExit();
  const port = Number(new URL(up.servers[0] ?? "").port);
  const attached = async (changes: PlanChanges, folder = place.folder): Promise<boolean> => {
    const stack = await place.stack.attach(aPlan(place, changes), place.options({ folder }));
    await stack?.down();
    return stack !== undefined;
  };
  expect(await attached({})).toBe(true);
  expect(await attached({ stack: { port } })).toBe(true);
  expect(await attached({ stack: { port: port + 1 } })).toBe(false);
  expect(await attached({ lock: "spin" })).toBe(false);
  expect(await attached({ stack: { redisNodes: 2 } })).toBe(false);
  expect(await attached({ stack: { replicas: 2 } })).toBe(false);
  expect(await attached({ start: { env: { PORT: "${port}", LEASE: "5" } } })).toBe(false);
  expect(await attached({}, "/")).toBe(false);
});

test("the folder and stock of a scenario matter only where the start command depends on them", async () => {
  await upAndExit();
  const plan = aPlan(place, { start: { cwd: "/" } });
  const elsewhere = { ...plan, folder: "/", products: [{ id: "9", stock: 5 }] };
  expect((await place.stack.attach(elsewhere, place.options()))?.reused).toBe(true);
  const relative = aPlan(place, { start: { command: ["node", "server.mjs"] } });
  const moved = aPlan(place, { start: { command: ["node", "server.mjs"], cwd: "/" } });
  expect(fingerprint(relative, "/lockbench")).not.toBe(fingerprint(moved, "/lockbench"));
});

test("a stack is not shared with a run that is using it", async () => {
  const owner = startOwner(place, aPlan(place), { stays: true });
  owners.push(owner);
  await isUp(owner);
  expect(await place.stack.attach(aPlan(place), place.options())).toBeUndefined();
  expect((await statusOf(place.runtime, theSession())).usedBy).toEqual([owner.child.pid]);
  await owner.kill();
  expect((await place.stack.attach(aPlan(place), place.options()))?.reused).toBe(true);
});

test("a stack with a dead server is not used, its status says why, and down removes it", async () => {
  const up = await upAndExit();
  const stack = await place.stack.attach(aPlan(place), place.options());
  process.kill((await ask(up.servers[0])).pid, "SIGKILL");
  const lines = await until("a casualty", async () => {
    const dead = await stack?.casualties();
    return dead?.length === 1 ? dead : undefined;
  });
  expect(lines[0]?.what).toContain("app died: how is not known");
  expect(await place.stack.attach(aPlan(place), place.options())).toBeUndefined();
  const status = await statusOf(place.runtime, theSession());
  expect(status.healthy).toBe(false);
  expect(status.services.map(({ name, health, healthy }) => ({ name, health, healthy }))).toEqual([
    { name: "redis", health: "answers", healthy: true },
    { name: "app", health: "has died", healthy: false },
  ]);
  const { stopped, left } = await stopSessions(place.runtime, { folder: place.folder });
  expect(stopped).toEqual([expect.stringMatching(/^stopped test_sale in .*: redis \(pid \d+, port \d+\)$/)]);
  expect(left).toEqual([]);
  expect(processesOf(place, up.id)).toEqual([]);
});

test("down stops the stacks of its folder, and those of every folder only when asked", async () => {
  const up = await upAndExit();
  expect(await stopSessions(place.runtime, { folder: "/somewhere/else" })).toEqual({
    stopped: [],
    left: [],
    failures: [],
  });
  expect((await ask(up.servers[0])).env["LOCKBENCH_SESSION"]).toBe(up.id);
  expect((await stopSessions(place.runtime, {})).stopped.length).toBe(1);
  expect(processesOf(place, up.id)).toEqual([]);
});

test("down leaves alone the stack of a run that is under way, and says so", async () => {
  const owner = startOwner(place, aPlan(place));
  owners.push(owner);
  const up = await isUp(owner);
  const { stopped, left } = await stopSessions(place.runtime, { folder: place.folder });
  expect(stopped).toEqual([]);
  expect(left).toEqual([expect.stringContaining(`still in use by lockbench (pid ${String(owner.child.pid)})`)]);
  expect((await ask(up.servers[0])).env["LOCKBENCH_SESSION"]).toBe(up.id);
  await owner.kill();
  expect((await stopSessions(place.runtime, { folder: place.folder })).stopped.length).toBe(1);
});

test("up that was killed before its stack was ready leaves nothing that stays", async () => {
  const owner = startOwner(place, aPlan(place, { start: { command: ["sleep", "60"] } }), { stays: true });
  owners.push(owner);
  await owner.line("progress starting the server");
  await owner.kill();
  expect((await reap(place.runtime)).length).toBe(1);
  expect(processesOf(place)).toEqual([]);
});

test("a run can keep its stack", async () => {
  const owner = startOwner(place, aPlan(place));
  owners.push(owner);
  const up = await isUp(owner);
  keepSession(place.runtime, up.id);
  await owner.kill();
  expect(await reap(place.runtime)).toEqual([]);
  expect((await place.stack.attach(aPlan(place), place.options()))?.id).toBe(up.id);
});

test("status, logs and the last run of a stack that is well", async () => {
  const up = await upAndExit({ stack: { replicas: 2 } });
  const entry = theSession();
  expect(lastRun(place.runtime, up.id)).toBeUndefined();
  noteRun(place.runtime, up.id, "run-1");
  noteRun(place.runtime, up.id, "run-2");
  const status = await statusOf(place.runtime, entry);
  expect(status).toMatchObject({ healthy: true, lastRun: "run-2", usedBy: [] });
  expect(status.services.every((service) => (service.uptimeMs ?? -1) >= 0)).toBe(true);
  const { session } = entry;
  expect(
    servicesOf(session)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["app", "app1", "redis"]);
  expect(servicesOf(session, "app").map(({ log }) => readFileSync(log, "utf8"))).toEqual(["listening\n"]);
  expect(servicesOf(session).every(({ log }) => existsSync(log))).toBe(true);
});
