import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LockbenchError } from "../../src/domain/errors.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { listSessions } from "../../src/stacks/sessions/folders.ts";
import { aPlace, aPlan, type Place, processesOf } from "./shop.ts";

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.close());

async function failureOf(plan: Plan, at = place): Promise<LockbenchError> {
  const error: unknown = await at.stack.up(plan, at.options()).then(
    () => new Error("it came up"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockbenchError)) throw error;
  expect(error.exit).toBe(5);
  expect(processesOf(at)).toEqual([]);
  expect(listSessions(at.runtime)).toEqual([]);
  return error;
}

test("a server that dies while starting: how it ended and the last 15 lines of its log, and Redis is stopped", async () => {
  const source = `for (let line = 1; line <= 40; line++) console.error("line " + line); process.exitCode = 3;`;
  const error = await failureOf(aPlan(place, { start: { command: place.program("dies.mjs", source) } }));
  expect(error.message).toMatch(
    /^app died while starting: node .*dies\.mjs; awaited GET http:.*\/health with status 200 for \d+\.\d s, found exit code 3\n/,
  );
  expect(error.message).toContain("line 26\n");
  expect(error.message).toMatch(/line 40$/);
  expect(error.message).not.toContain("line 25\n");
});

test("a server that never gets ready: what was awaited, for how long, and what it said instead", async () => {
  const source = `import { createServer } from "node:http";
    createServer((_, response) => response.writeHead(503).end("no database")).listen(Number(process.env.PORT), "127.0.0.1");`;
  const ready = { path: "/health", status: 200, withinMs: 600 };
  const error = await failureOf(
    aPlan(place, { target: { ready }, start: { command: place.program("sick.mjs", source) } }),
  );
  expect(error.message).toMatch(
    /^app did not become ready: .*awaited GET .*\/health with status 200 for 0\.6 s, found status 503 no database\nits log is empty$/,
  );
});

test("a server that accepts connections and says nothing does not hang the start", async () => {
  const source = `import { createServer } from "node:net"; createServer(() => {}).listen(Number(process.env.PORT), "127.0.0.1");`;
  const ready = { path: "/health", status: 200, withinMs: 400 };
  const error = await failureOf(
    aPlan(place, { target: { ready }, start: { command: place.program("mute.mjs", source) } }),
  );
  expect(error.message).toContain("found no answer within 400 ms");
});

test("one replica of two that fails takes the other one down with it", async () => {
  const source = `if (process.env.REPLICA === "1") throw new Error("no second one"); await import("./server.mjs");`;
  const start = { command: place.program("single.mjs", source), env: { PORT: "${port}", REPLICA: "${replica}" } };
  const error = await failureOf(aPlan(place, { stack: { replicas: 2 }, start }));
  expect(error.message).toContain("app1 died while starting");
});

test("a command that does not exist", async () => {
  const error = await failureOf(aPlan(place, { start: { command: ["no-such-program-here", "--x"] } }));
  expect(error.message).toBe(`app could not be started: no-such-program-here --x in ${place.folder}, no such program`);
});

test("a folder that does not exist", async () => {
  const error = await failureOf(aPlan(place, { start: { cwd: join(place.folder, "nowhere") } }));
  expect(error.message).toContain("no such folder");
});

test("no Redis server on PATH: what to type, before anything is started", async () => {
  const poor = aPlace({ PATH: join(place.folder, "bin") });
  mkdirSync(join(place.folder, "bin"));
  place.program("bin/apt-get", "");
  const error = await failureOf(aPlan(poor), poor);
  expect(error.message).toContain("expected redis-server or valkey-server on PATH, found neither");
  expect(error.hint).toBe("install redis-server or valkey-server and put it on PATH");
  await poor.close();
});

test("a node that is not on PATH is the one that runs lockbench", async () => {
  const poor = aPlace({ PATH: "/nowhere" });
  const stack = await poor.stack.up(aPlan(poor, { stack: { redisNodes: 0 } }), poor.options());
  expect(stack.servers.length).toBe(1);
  await stack.down();
  await poor.close();
});

test("Ctrl-C while the stack starts rejects with its reason and stops what was started", async () => {
  const controller = new AbortController();
  const reason = new Error("interrupted");
  const plan = aPlan(place, { stack: { redisNodes: 2 }, start: { command: ["sleep", "60"] } });
  const progress = (line: string): void => {
    if (line.includes("server")) controller.abort(reason);
  };
  await expect(place.stack.up(plan, place.options({ signal: controller.signal, progress }))).rejects.toBe(reason);
  expect(processesOf(place)).toEqual([]);
  expect(listSessions(place.runtime)).toEqual([]);
});
