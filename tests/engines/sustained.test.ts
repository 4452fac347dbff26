import { afterEach, expect, test } from "vitest";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { freePort } from "../support/free-port.ts";
import { jobFor } from "./support/job.ts";
import { attemptsOf, latenciesMs, outcomesOf, peakInFlight } from "./support/readings.ts";
import { httpServer, rawServer, type TestServer } from "./support/servers.ts";
import { startTrivialServer } from "./support/trivial-server.ts";

const open: TestServer[] = [];
async function kept(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  open.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** Buys under 201 and remembers who bought. */
function shop(buyers: string[], headers: Record<string, string> = {}): Promise<TestServer> {
  return kept(
    httpServer((body, _request, response) => {
      buyers.push((JSON.parse(body) as { buyer: string }).buyer);
      response.writeHead(201, headers).end();
    }),
  );
}

test("in a sustained load each attempt is a new buyer", async () => {
  const buyers: string[] = [];
  const { url } = await shop(buyers);
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 5, runTimeMs: 200 } }));
  expect(history.length).toBeGreaterThan(10);
  expect(new Set(buyers).size).toBe(history.length);
  expect(outcomesOf(history)).toEqual({ sold: history.length });
});

test("buyers that repeat come back under the same name, with a new key each time", async () => {
  const bodies: { buyer: string; key: string }[] = [];
  const { url } = await kept(
    httpServer((body, _request, response) => {
      bodies.push(JSON.parse(body) as { buyer: string; key: string });
      response.writeHead(201).end();
    }),
  );
  const load = { buyers: 5, runTimeMs: 200, buyersRepeat: true };
  const { history } = await autocannonEngine.fire(jobFor(url, { load }));
  expect(new Set(bodies.map(({ buyer }) => buyer))).toEqual(
    new Set(["buyer-0", "buyer-1", "buyer-2", "buyer-3", "buyer-4"]),
  );
  expect(new Set(bodies.map(({ key }) => key)).size).toBe(history.length);
  expect(new Set(attemptsOf(history).map((attempt) => history.buyer(attempt)))).toEqual(new Set([0, 1, 2, 3, 4]));
});

test("a sustained load keeps as many attempts in flight as there are buyers, and never more", async () => {
  const { url } = await kept(httpServer((_b, _r, response) => setTimeout(() => response.writeHead(201).end(), 20)));
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 8, runTimeMs: 300 } }));
  expect(peakInFlight(history)).toBe(8);
});

test("attempts in flight when the time is up get their answer", async () => {
  let answer: (() => void) | undefined;
  const { url } = await kept(
    httpServer((_body, _request, response) => {
      answer = () => response.writeHead(201).end();
      setTimeout(() => answer?.(), 400);
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 1, runTimeMs: 100 } }));
  expect(outcomesOf(history)).toEqual({ sold: 1 });
});

test("a server that closes after each answer loses nothing when it says so", async () => {
  const buyers: string[] = [];
  const { url } = await shop(buyers, { Connection: "close" });
  const { history, remarks } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 10, runTimeMs: 400 } }));
  expect(remarks).toEqual([]);
  expect(history.length).toBeGreaterThan(10);
  expect(outcomesOf(history)).toEqual({ sold: buyers.length });
});

test("a server of HTTP/1.0 loses nothing", async () => {
  const { url } = await kept(rawServer((_request, socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nsold")));
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 10, runTimeMs: 300 } }));
  expect(history.length).toBeGreaterThan(10);
  expect(outcomesOf(history)).toEqual({ sold: history.length });
});

test("a server that is down is asked again with pauses, not at full speed", async () => {
  const port = await freePort();
  const load = { buyers: 2, runTimeMs: 500 };
  const { history } = await autocannonEngine.fire(jobFor(`http://127.0.0.1:${String(port)}`, { load }));
  expect(outcomesOf(history)).toEqual({ error: history.length });
  expect(history.length).toBeGreaterThanOrEqual(4);
  expect(history.length).toBeLessThanOrEqual(2 * (500 / 50 + 1));
});

test("a server that comes back is bought from again", async () => {
  let requests = 0;
  const { url } = await kept(
    rawServer((_request, socket) => {
      requests += 1;
      if (requests <= 5) socket.resetAndDestroy();
      else socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 3, runTimeMs: 300 } }));
  expect(outcomesOf(history)).toEqual({ sold: requests - 5, unknown: 5 });
});

test("a ramp starts its buyers one after the other at the given rate", async () => {
  const { url } = await shop([]);
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 40, spawnRate: 100 } }));
  expect(history.length).toBe(40);
  // The history's clock starts before the ramp does. Being late is a matter of the machine, being early would be wrong.
  for (const buyer of attemptsOf(history)) expect(history.sentAt(buyer) / 1e6).toBeGreaterThanOrEqual(buyer * 10);
  expect(history.sentAt(39) / 1e6).toBeLessThan(5_000);
});

test("a ramp loses nothing when the server closes connections that wait", async () => {
  let connections = 0;
  const { url } = await kept(
    rawServer(
      (_request, socket) => socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
      (socket) => {
        connections += 1;
        if (connections <= 10) socket.end();
      },
    ),
  );
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 20, spawnRate: 100 } }));
  expect(connections).toBe(30);
  expect(outcomesOf(history)).toEqual({ sold: 20 });
});

test("a ramp with a run time lets each buyer go on after its start", async () => {
  const buyers: string[] = [];
  const { url } = await shop(buyers);
  const load = { buyers: 5, spawnRate: 50, runTimeMs: 300, buyersRepeat: true };
  const { history } = await autocannonEngine.fire(jobFor(url, { load }));
  expect(history.length).toBeGreaterThan(10);
  const firstOf = (buyer: number): number =>
    attemptsOf(history).findIndex((attempt) => history.buyer(attempt) === buyer);
  expect(firstOf(4)).toBeGreaterThan(firstOf(0) + 1);
  expect(new Set(buyers).size).toBe(5);
});

test("a run time that ends before the ramp does leaves the rest at home", async () => {
  const { url } = await shop([]);
  const load = { buyers: 1000, spawnRate: 50, runTimeMs: 200, buyersRepeat: true };
  const { history } = await autocannonEngine.fire(jobFor(url, { load }));
  const buyers = new Set(attemptsOf(history).map((attempt) => history.buyer(attempt)));
  expect(buyers.size).toBeGreaterThan(2);
  expect(buyers.size).toBeLessThan(100);
});

test("each attempt of a ramp has its whole time-out for itself", async () => {
  const { url } = await kept(rawServer(() => undefined));
  const load = { buyers: 20, spawnRate: 100, timeoutMs: 300 };
  const { history } = await autocannonEngine.fire(jobFor(url, { load }));
  expect(outcomesOf(history)).toEqual({ unknown: 20 });
  expect(Math.min(...latenciesMs(history))).toBeGreaterThanOrEqual(300);
});

test("buyers that still wait for a connection when the time is up leave without an attempt", async () => {
  const server = await startTrivialServer({ backlog: 1 });
  open.push(server);
  process.kill(server.pid, "SIGSTOP");
  const load = { buyers: 10, spawnRate: 100, runTimeMs: 300, timeoutMs: 500 };
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load }));
  expect(history.length).toBeGreaterThan(0);
  expect(outcomesOf(history)).toEqual({ unknown: history.length });
});
