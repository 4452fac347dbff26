import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { jobFor } from "./support/job.ts";
import { attemptsOf, latenciesMs, outcomesOf } from "./support/readings.ts";
import { rawServer, type TestServer } from "./support/servers.ts";

const SOLD = "HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nsold";

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function raw(...handlers: Parameters<typeof rawServer>): Promise<string> {
  const server = await rawServer(...handlers);
  open.push(server);
  return server.url;
}

/** A server that treats every tenth request as `fault` says, and sells to the others. */
function faultyEveryTenth(fault: (socket: Socket) => void): Promise<string> {
  let requests = 0;
  return raw((_request, socket) => {
    requests += 1;
    if (requests % 10 === 0) fault(socket);
    else socket.write(SOLD);
  });
}

const losses: Record<string, (socket: Socket) => void> = {
  "commits and closes without an answer": (socket) => socket.end(),
  "resets the connection": (socket) => socket.resetAndDestroy(),
  "sends half an answer and closes": (socket) => socket.end("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nsol"),
  "sends half an answer and resets": (socket) =>
    socket.write("HTTP/1.1 201 Created\r\nContent-Le", () => socket.resetAndDestroy()),
  "sends half a chunked answer and closes": (socket) =>
    socket.end("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nso"),
  "sends garbage": (socket) => socket.write("\u0000\u0001garbage without an end"),
  "sends garbage by the line": (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"),
  "announces an impossible length": (socket) => socket.write("HTTP/1.1 201 Created\r\nContent-Length: abc\r\n\r\n"),
};

for (const [what, fault] of Object.entries(losses)) {
  test(`a server that ${what} for 30 of 300 leaves exactly 30 unknown, without waiting for the time-out`, async () => {
    const url = await faultyEveryTenth(fault);
    const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 300, timeoutMs: 20_000 } }));
    expect(history.length).toBe(300);
    expect(outcomesOf(history)).toEqual({ sold: 270, unknown: 30 });
    expect(Math.max(...latenciesMs(history))).toBeLessThan(10_000);
  });
}

test("an unknown attempt has the status 0, and a time at which it was given up", async () => {
  const url = await faultyEveryTenth((socket) => socket.end());
  const { history, remarks } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 10 } }));
  const unknown = attemptsOf(history).filter((attempt) => history.outcome(attempt) === "unknown");
  expect(unknown.map((attempt) => history.status(attempt))).toEqual([0]);
  expect(unknown.every((attempt) => history.endedAt(attempt) > history.sentAt(attempt))).toBe(true);
  expect(remarks).toEqual(["1 attempts were sent and got no answer: the connection was closed (1)"]);
});

test("in a sustained load no fault shifts an answer to the wrong attempt", async () => {
  const served = new Map<string, string>();
  let requests = 0;
  const kinds = Object.values(losses);
  const url = await raw((request, socket) => {
    const key = /"key":"([^"]+)"/.exec(request)?.[1] ?? "";
    requests += 1;
    const fault = requests % 7 === 0 ? kinds[(requests / 7) % kinds.length] : undefined;
    served.set(key, fault === undefined ? "sold" : "unknown");
    if (fault !== undefined) fault(socket);
    else socket.write(`HTTP/1.1 201 Created\r\nContent-Length: ${String(key.length)}\r\n\r\n${key}`);
  });
  const { history } = await autocannonEngine.fire(
    jobFor(url, {
      load: { buyers: 20, runTimeMs: 700 },
    }),
  );
  expect(history.length).toBeGreaterThan(70);
  expect(served.size).toBe(history.length);
  const recorded = new Map(attemptsOf(history).map((attempt) => [`r-${String(attempt)}`, history.outcome(attempt)]));
  expect(recorded).toEqual(served);
});

test("a second answer to one request is not taken for the answer to the next", async () => {
  let requests = 0;
  const url = await raw((_request, socket) => {
    requests += 1;
    socket.write(`${SOLD}HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n`);
  });
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 5, runTimeMs: 200 } }));
  expect(outcomesOf(history)).toEqual({ sold: requests });
});

const answers: Record<string, (socket: Socket) => void> = {
  "ends when the connection closes, without a length": (socket) => socket.end("HTTP/1.0 201 Created\r\n\r\nsold"),
  "says Connection: close and has no length": (socket) =>
    socket.end("HTTP/1.1 201 Created\r\nConnection: close\r\n\r\nsold"),
  "is chunked": (socket) =>
    socket.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nso\r\n2\r\nld\r\n0\r\n\r\n"),
  "is chunked with trailers": (socket) =>
    socket.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsold\r\n0\r\nX-Sum: 1\r\n\r\n"),
  "comes byte by byte": (socket) => {
    socket.setNoDelay(true);
    for (const byte of SOLD) socket.write(byte);
  },
  "follows 100 Continue and 103 Early Hints": (socket) =>
    socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${SOLD}`),
  "is followed by bytes that nobody asked for": (socket) => socket.write(`${SOLD}HTTP/1.1 500 Nonsense\r\n\r\n`),
};

for (const [what, answer] of Object.entries(answers)) {
  test(`an answer that ${what} is an answer`, async () => {
    const url = await raw((_request, socket) => answer(socket));
    const job = jobFor(url, {
      outcomes: [{ outcome: "sold", status: [201, 201], body: {}, bodyMatches: "^sold$" }],
      load: { buyers: 10, timeoutMs: 2_000 },
    });
    const { history, remarks } = await autocannonEngine.fire(job);
    expect(remarks).toEqual([]);
    expect(outcomesOf(history)).toEqual({ sold: 10 });
  });
}

for (const status of [204, 304]) {
  test(`a ${String(status)} has no body, whatever its headers announce`, async () => {
    const url = await raw((_request, socket) =>
      socket.write(`HTTP/1.1 ${String(status)} X\r\nContent-Length: 9\r\n\r\n`),
    );
    const { history } = await autocannonEngine.fire(jobFor(url, { outcomes: [], load: { timeoutMs: 2_000 } }));
    expect(attemptsOf(history).map((attempt) => history.status(attempt))).toEqual(Array(10).fill(status));
  });
}

test("an answer to HEAD is complete without the body that it announces", async () => {
  const url = await raw((_request, socket) => socket.write("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n"));
  const purchase = { method: "HEAD", path: "/buy", headers: {}, body: null, items: null };
  const { history } = await autocannonEngine.fire(jobFor(url, { purchase, load: { timeoutMs: 2_000 } }));
  expect(outcomesOf(history)).toEqual({ sold: 10 });
});

test("letters that are split between two packets arrive whole", async () => {
  const body = Buffer.from("ausverkauft — größe");
  const url = await raw((_request, socket) => {
    socket.setNoDelay(true);
    socket.write(`HTTP/1.1 201 Created\r\nContent-Length: ${String(body.length)}\r\n\r\n`);
    for (const byte of body) socket.write(Buffer.of(byte));
  });
  const outcomes = [{ outcome: "sold", status: null, body: {}, bodyMatches: "^ausverkauft — größe$" }] as const;
  const { history } = await autocannonEngine.fire(jobFor(url, { outcomes }));
  expect(outcomesOf(history)).toEqual({ sold: 10 });
});

test("of a huge body only the beginning is kept, and the connection stays usable", async () => {
  const page = Buffer.alloc(3_000_000, "x");
  let requests = 0;
  const url = await raw((_request, socket) => {
    requests += 1;
    socket.write(`HTTP/1.1 500 Oops\r\nContent-Length: ${String(page.length)}\r\n\r\n`);
    socket.write(page);
  });
  const outcomes = [{ outcome: "refused", status: [500, 500], body: {}, bodyMatches: "^x{262144}$" }] as const;
  const { history } = await autocannonEngine.fire(jobFor(url, { outcomes, load: { buyers: 2, runTimeMs: 200 } }));
  expect(outcomesOf(history)).toEqual({ refused: requests });
});

test("a slow server is waited for", async () => {
  const url = await raw((_request, socket) => setTimeout(() => socket.write(SOLD), 400));
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { timeoutMs: 5_000 } }));
  expect(outcomesOf(history)).toEqual({ sold: 10 });
  expect(Math.min(...latenciesMs(history))).toBeGreaterThanOrEqual(399);
});
