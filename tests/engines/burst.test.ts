import { afterEach, expect, test } from "vitest";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { freePort } from "../support/free-port.ts";
import { jobFor } from "./support/job.ts";
import { attemptsOf, latenciesMs, outcomesOf, peakInFlight } from "./support/readings.ts";
import { httpServer, rawServer, type TestServer } from "./support/servers.ts";
import { startTrivialServer } from "./support/trivial-server.ts";

const open: TestServer[] = [];
const keep = <Kept extends TestServer>(server: Kept): Kept => {
  open.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

test("in a burst every buyer is in flight before the first answer comes", async () => {
  const held: (() => void)[] = [];
  const server = keep(
    await httpServer((_body, _request, response) => {
      held.push(() => response.writeHead(201).end());
      if (held.length === 300) for (const answer of held) answer();
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 300 } }));
  expect(outcomesOf(history)).toEqual({ sold: 300 });
  expect(peakInFlight(history)).toBe(300);
});

test("each buyer of a burst buys once, under a name and a key of its own", async () => {
  const bodies: { buyer: string; key: string }[] = [];
  const server = keep(
    await httpServer((body, _request, response) => {
      bodies.push(JSON.parse(body) as { buyer: string; key: string });
      response.writeHead(201).end();
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(server.url, { run: "run7", load: { buyers: 50 } }));
  expect(new Set(bodies.map(({ buyer }) => buyer)).size).toBe(50);
  expect(bodies.map(({ key }) => key).sort()).toEqual(
    attemptsOf(history)
      .map((attempt) => `run7-${String(attempt)}`)
      .sort(),
  );
  expect(attemptsOf(history).map((attempt) => history.buyer(attempt))).toEqual(attemptsOf(history));
});

test("nobody sends before everybody is connected", async () => {
  const server = keep(await startTrivialServer({ backlog: 5 }));
  // While the server is frozen, its kernel takes as many connections as the listen queue is long.
  process.kill(server.pid, "SIGSTOP");
  const sent: number[] = [];
  const progress = (soFar: { sent: number }): void => {
    sent.push(soFar.sent);
    if (sent.length === 2) process.kill(server.pid, "SIGCONT");
  };
  const { history } = await autocannonEngine.fire(jobFor(server.url, { progress, load: { buyers: 20 } }));
  expect(sent.slice(0, 2)).toEqual([0, 0]);
  expect(outcomesOf(history)).toEqual({ sold: 20 });
});

test("three thousand buyers connect, hold, and are all answered", async () => {
  const server = keep(await startTrivialServer());
  const { history, remarks } = await autocannonEngine.fire(
    jobFor(server.url, { load: { buyers: 3000, timeoutMs: 20_000 } }),
  );
  expect(remarks).toEqual([]);
  expect(outcomesOf(history)).toEqual({ sold: 3000 });
});

test("the attempts are written down in the order in which they were sent", async () => {
  const server = keep(await httpServer((_body, _request, response) => response.writeHead(201).end()));
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 100 } }));
  const sendTimes = attemptsOf(history).map((attempt) => history.sentAt(attempt));
  expect(sendTimes).toEqual([...sendTimes].sort((a, b) => a - b));
});

test("buyers are spread over the servers in turn", async () => {
  const counts = [0, 0, 0];
  const servers = await Promise.all(
    counts.map((_, place) =>
      httpServer((_body, _request, response) => {
        counts[place] = (counts[place] ?? 0) + 1;
        response.writeHead(201).end();
      }),
    ),
  );
  for (const server of servers) keep(server);
  await autocannonEngine.fire(
    jobFor(
      servers.map(({ url }) => url),
      { load: { buyers: 30 } },
    ),
  );
  expect(counts).toEqual([10, 10, 10]);
});

test("a refused connection is an error and not an unknown, and each buyer tries only once", async () => {
  const port = await freePort();
  const result = await autocannonEngine.fire(jobFor(`http://127.0.0.1:${String(port)}`, { load: { buyers: 300 } }));
  expect(outcomesOf(result.history)).toEqual({ error: 300 });
  expect(attemptsOf(result.history).every((attempt) => result.history.status(attempt) === 0)).toBe(true);
  expect(result.remarks.join("\n")).toContain("ECONNREFUSED (300)");
});

test("a server that closes every connection before the request makes errors, not unknowns", async () => {
  let connections = 0;
  const server = keep(
    await rawServer(
      () => undefined,
      (socket) => {
        connections += 1;
        socket.destroy();
      },
    ),
  );
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 20 } }));
  expect(history.length).toBe(20);
  expect(outcomesOf(history).sold).toBeUndefined();
  expect(connections).toBeLessThanOrEqual(20 * 11);
});

test("a server that never answers makes unknowns when the time-out is over, and not before", async () => {
  const server = keep(await rawServer(() => undefined));
  const { history, remarks } = await autocannonEngine.fire(
    jobFor(server.url, { load: { buyers: 20, timeoutMs: 300 } }),
  );
  expect(outcomesOf(history)).toEqual({ unknown: 20 });
  expect(Math.min(...latenciesMs(history))).toBeGreaterThanOrEqual(300);
  expect(Math.max(...latenciesMs(history))).toBeLessThan(2_000);
  expect(remarks).toEqual(["20 attempts were sent and got no answer: timeout (20)"]);
});

test("a connection that is lost while it is held is opened again, and nothing is lost", async () => {
  let cut = 0;
  const server = keep(
    await rawServer(
      (_request, socket) => socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
      (socket) => {
        if (cut < 5) socket.end();
        cut += 1;
      },
    ),
  );
  // The first wave is cut while the others still connect.
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 250 } }));
  expect(outcomesOf(history)).toEqual({ sold: 250 });
});

test("a server that speaks before it is asked is connected to again", async () => {
  let connections = 0;
  const server = keep(
    await rawServer(
      (_request, socket) => socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
      (socket) => {
        connections += 1;
        if (connections <= 5) socket.write("HTTP/1.1 408");
      },
    ),
  );
  const { history } = await autocannonEngine.fire(jobFor(server.url, { load: { buyers: 20 } }));
  expect(connections).toBe(25);
  expect(outcomesOf(history)).toEqual({ sold: 20 });
});

test("a load without buyers ends at once with an empty history", async () => {
  const { history } = await autocannonEngine.fire(jobFor("http://127.0.0.1:9", { load: { buyers: 0 } }));
  expect(history.length).toBe(0);
});
