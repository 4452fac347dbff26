import { afterEach, expect, test } from "vitest";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { fireInProcess } from "./support/firing-process.ts";
import { jobFor } from "./support/job.ts";
import { httpServer, rawServer, type TestServer } from "./support/servers.ts";

const open: TestServer[] = [];
async function kept(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  open.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const loads = {
  burst: { buyers: 100 },
  ramp: { buyers: 100, spawnRate: 200 },
  "sustained load": { buyers: 100, runTimeMs: 60_000 },
};

for (const [kind, load] of Object.entries(loads)) {
  test(`a ${kind} that is aborted rejects with the reason, and nothing keeps the process alive`, async () => {
    const server = await kept(rawServer(() => undefined));
    const { result, lingeredMs } = await fireInProcess(server.url, load, { abortAfter: 1 });
    expect(result).toBe("Ctrl-C");
    // Whatever were left open would hold the process for five seconds or for ever.
    expect(lingeredMs).toBeLessThan(2_500);
  });
}

test("when the last answer is in, nothing keeps the process alive", async () => {
  const server = await kept(httpServer((_body, _request, response) => response.writeHead(201).end()));
  const { result, lingeredMs } = await fireInProcess(server.url, { buyers: 50, runTimeMs: 300 });
  expect(result).toBeGreaterThan(50);
  expect(lingeredMs).toBeLessThan(2_500);
});

test("a load that is aborted while it connects rejects at once and sends nothing", async () => {
  let requests = 0;
  const server = await kept(rawServer(() => (requests += 1)));
  const abort = new AbortController();
  const firing = autocannonEngine.fire(jobFor(server.url, { signal: abort.signal, load: { buyers: 500 } }));
  abort.abort(new Error("Ctrl-C"));
  await expect(firing).rejects.toThrow("Ctrl-C");
  expect(requests).toBe(0);
});

test("a machine without room for the connections is named as the cause", async () => {
  const server = await kept(rawServer(() => undefined));
  const { result } = await fireInProcess(server.url, { buyers: 300 }, { fileDescriptors: 100 });
  expect(result).toBe("TOO_MANY_CONNECTIONS");
});

test("a signal that is aborted already sends nothing", async () => {
  let connections = 0;
  const server = await kept(
    rawServer(
      () => undefined,
      () => (connections += 1),
    ),
  );
  const job = jobFor(server.url, { signal: AbortSignal.abort(new Error("too late")) });
  await expect(autocannonEngine.fire(job)).rejects.toThrow("too late");
  expect(connections).toBe(0);
});

test("progress is told while the load runs, and at its end", async () => {
  const server = await kept(httpServer((_b, _r, response) => setTimeout(() => response.writeHead(201).end(), 50)));
  const told: { sent: number; ended: number }[] = [];
  const { history } = await autocannonEngine.fire(
    jobFor(server.url, { progress: (soFar) => told.push(soFar), load: { buyers: 4, runTimeMs: 700 } }),
  );
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(told.at(-1)).toEqual({ sent: history.length, ended: history.length, sold: history.length });
});

test("the generator's own CPU time is measured", async () => {
  const server = await kept(httpServer((_body, _request, response) => response.writeHead(201).end()));
  const { generatorCpuPercent } = await autocannonEngine.fire(jobFor(server.url, { load: { runTimeMs: 200 } }));
  expect(generatorCpuPercent).toBeGreaterThan(0);
});

test("the stamps are on the machine's monotonic clock", async () => {
  let arrived = 0n;
  const server = await kept(
    httpServer((_body, _request, response) => {
      arrived = process.hrtime.bigint();
      response.writeHead(201).end();
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 1 } }));
  const arrivedAt = Number(arrived - history.originNs);
  expect(history.sentAt(0)).toBeLessThan(arrivedAt);
  expect(history.endedAt(0)).toBeGreaterThan(arrivedAt);
});
