import { afterEach, expect, test } from "vitest";
import type { OutcomeRule } from "../../src/domain/plan.ts";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { freePort } from "../support/free-port.ts";
import { jobFor } from "./support/job.ts";
import { attemptsOf, outcomesOf } from "./support/readings.ts";
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

const OUTCOMES: readonly OutcomeRule[] = (
  [
    ["sold", 201],
    ["sold_out", 409],
    ["busy", 503],
    ["refused", 429],
  ] as const
).map(([outcome, status]) => ({ outcome, status: [status, status], body: {}, bodyMatches: null }));

const PATIENT = { pauseMs: 4, withinMs: 60_000 };
const TWO_ORDERS = {
  orders: [{ lines: [{ product: 0, quantity: 1 }] }, { lines: [{ product: 0, quantity: 2 }] }],
  orderOf: [0, 1],
};

interface Asked {
  readonly buyer: string;
  readonly key: string;
  readonly quantity: number;
}

/** Answers the tries of each buyer with these statuses, one after the other. */
async function shop(...statuses: readonly number[]): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const { url } = await kept(
    httpServer((body, _request, response) => {
      const one = JSON.parse(body) as Asked;
      const tries = asked.filter(({ buyer }) => buyer === one.buyer).length;
      asked.push(one);
      response.writeHead(statuses[tries] ?? 500).end();
    }),
  );
  return { url, asked };
}

test("a buyer who is busied or refused comes back, under his name, for the same, and with a new key", async () => {
  const { url, asked } = await shop(503, 429, 201);
  const load = { buyers: 6, retry: PATIENT, ...TWO_ORDERS };
  const { history } = await autocannonEngine.fire(jobFor(url, { load, outcomes: OUTCOMES }));
  expect(outcomesOf(history)).toEqual({ sold: 6, busy: 6, refused: 6 });
  for (let buyer = 0; buyer < 6; buyer += 1) {
    const own = asked.filter((one) => one.buyer === `buyer-${String(buyer)}`);
    expect(own.map(({ quantity }) => quantity)).toEqual(Array(3).fill(1 + (buyer % 2)));
  }
  expect(new Set(asked.map(({ key }) => key)).size).toBe(18);
  expect(new Set(asked.map(({ key }) => key))).toEqual(
    new Set(attemptsOf(history).map((attempt) => `r-${String(attempt)}`)),
  );
  const told = (attempt: number): string => `buyer-${String(history.buyer(attempt))}`;
  for (const { buyer, key } of asked) expect(told(Number(key.slice(2)))).toBe(buyer);
});

test("half of the pause at least is kept", async () => {
  const { url } = await shop(503, 201);
  const load = { buyers: 8, retry: { pauseMs: 200, withinMs: 60_000 } };
  const { history } = await autocannonEngine.fire(jobFor(url, { load, outcomes: OUTCOMES }));
  expect(history.length).toBe(16);
  const waits = attemptsOf(history).flatMap((attempt) => {
    const later = attemptsOf(history).find((one) => one > attempt && history.buyer(one) === history.buyer(attempt));
    return later === undefined ? [] : [(history.sentAt(later) - history.endedAt(attempt)) / 1e6];
  });
  // Timers may fire a millisecond early.
  expect(Math.min(...waits)).toBeGreaterThan(98);
});

test.each([
  ["sold", 201],
  ["sold out", 409],
  ["an error", 500],
])("who was told %s does not come back", async (_, status) => {
  const { url, asked } = await shop(status, 201);
  await autocannonEngine.fire(jobFor(url, { load: { buyers: 3, retry: PATIENT }, outcomes: OUTCOMES }));
  expect(asked).toHaveLength(3);
});

test("who got no answer never comes back, because he may have bought", async () => {
  let requests = 0;
  const { url } = await kept(
    rawServer((_request, socket) => {
      requests += 1;
      socket.destroy();
    }),
  );
  const { history } = await autocannonEngine.fire(jobFor(url, { load: { buyers: 4, retry: PATIENT } }));
  expect(requests).toBe(4);
  expect(outcomesOf(history)).toEqual({ unknown: 4 });
});

test("nobody comes back when his time is over, and without the key nobody does at all", async () => {
  const { url, asked } = await shop(503, 503, 503);
  await autocannonEngine.fire(jobFor(url, { load: { buyers: 3 }, outcomes: OUTCOMES }));
  expect(asked).toHaveLength(3);
  const hasty = { buyers: 3, retry: { pauseMs: 50, withinMs: 1 } };
  await autocannonEngine.fire(jobFor(url, { load: hasty, outcomes: OUTCOMES }));
  expect(asked).toHaveLength(6);
});

test("who finds no server comes back until there is one", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  let started: Promise<unknown> | undefined;
  const progress = ({ ended }: { readonly ended: number }): void => {
    if (ended >= 3) started ??= startAt(port);
  };
  const { history } = await autocannonEngine.fire(jobFor(url, { progress, load: { buyers: 3, retry: PATIENT } }));
  await started;
  const { error = 0, sold } = outcomesOf(history);
  expect(sold).toBe(3);
  expect(error).toBeGreaterThanOrEqual(3);
  expect(error + 3).toBe(history.length);
});

async function startAt(port: number): Promise<void> {
  const { createServer } = await import("node:http");
  const server = createServer((_request, response) => response.writeHead(201).end());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  open.push({ url: "", close });
}

test("the history knows which server each attempt was sent to, and the progress how many were sold", async () => {
  const servers = await Promise.all([shop(201), shop(503, 201), shop(409)]);
  const reported: number[] = [];
  const job = jobFor(
    servers.map(({ url }) => url),
    { load: { buyers: 9, retry: PATIENT }, outcomes: OUTCOMES, progress: ({ sold }) => reported.push(sold) },
  );
  const { history } = await autocannonEngine.fire(job);
  const kinds = attemptsOf(history).map((attempt) => `${String(history.server(attempt))} ${history.outcome(attempt)}`);
  expect([...new Set(kinds)].sort()).toEqual(["0 sold", "1 busy", "1 sold", "2 sold_out"]);
  expect(reported.at(-1)).toBe(6);
});
