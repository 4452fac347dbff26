import { afterEach, expect, test } from "vitest";
import type { History } from "../../src/domain/history.ts";
import type { OutcomeRule } from "../../src/domain/plan.ts";
import { autocannonEngine } from "../../src/engines/autocannon.ts";
import { Answer } from "../../src/engines/autocannon/answer.ts";
import { compileDetails } from "../../src/engines/autocannon/details.ts";
import type { LoadResult } from "../../src/engines/engine.ts";
import { jobFor, type JobChanges } from "./support/job.ts";
import { outcomesOf } from "./support/readings.ts";
import { httpServer, type TestServer } from "./support/servers.ts";

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function rule(outcome: OutcomeRule["outcome"], parts: Partial<OutcomeRule>): OutcomeRule {
  return { outcome, status: null, body: {}, bodyMatches: null, ...parts };
}

/** One buyer at a server that gives this one answer. */
async function resultOf(status: number, body: unknown, changes: JobChanges): Promise<LoadResult> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const server = await httpServer((_body, _request, response) => response.writeHead(status).end(text));
  open.push(server);
  return autocannonEngine.fire(jobFor(server.url, { ...changes, load: { buyers: 1 } }));
}

async function outcomeOf(status: number, body: unknown, outcomes: readonly OutcomeRule[]): Promise<string> {
  return Object.keys(outcomesOf((await resultOf(status, body, { outcomes })).history)).join();
}

const fields = {
  arrivedAt: "at.arrived",
  grantedAt: "at.granted",
  remaining: "left",
  fencingToken: "tokens.0",
  breaker: null,
  breakerSince: null,
};

async function historyOf(body: unknown): Promise<History> {
  return (await resultOf(201, body, { answer: fields })).history;
}

test("the first rule that matches decides", async () => {
  const rules = [
    rule("busy", { status: [503, 503], body: { outcome: "busy" } }),
    rule("refused", { status: [500, 599] }),
    rule("sold", { status: [201, 201] }),
  ];
  expect(await outcomeOf(503, { outcome: "busy" }, rules)).toBe("busy");
  expect(await outcomeOf(503, { outcome: "else" }, rules)).toBe("refused");
  expect(await outcomeOf(599, "", rules)).toBe("refused");
  expect(await outcomeOf(201, "", rules)).toBe("sold");
  expect(await outcomeOf(600, "", rules)).toBe("error");
});

test("a rule may ask for values deep in the body, of their own type", async () => {
  const rules = [rule("sold", { body: { "sale.items.0.ok": true, "sale.count": 1, error: null } })];
  const sale = { items: [{ ok: true }], count: 1 };
  expect(await outcomeOf(200, { sale, error: null }, rules)).toBe("sold");
  expect(await outcomeOf(200, { sale: { ...sale, count: "1" }, error: null }, rules)).toBe("error");
  expect(await outcomeOf(200, { sale }, rules)).toBe("error");
  expect(await outcomeOf(200, "no JSON", rules)).toBe("error");
  expect(await outcomeOf(200, "null", rules)).toBe("error");
});

test("a rule may ask for a pattern in the raw body, whatever the status", async () => {
  const rules = [rule("sold_out", { bodyMatches: "ausverkauft|sold out" })];
  expect(await outcomeOf(200, "<h1>sold out</h1>", rules)).toBe("sold_out");
  expect(await outcomeOf(404, "leider ausverkauft", rules)).toBe("sold_out");
  expect(await outcomeOf(200, "sold", rules)).toBe("error");
});

test("stamps in nanoseconds, as text or as number, become times on the history's clock", async () => {
  const server = await httpServer((_body, _request, response) => {
    const arrived = process.hrtime.bigint();
    response.writeHead(201).end(JSON.stringify({ at: { arrived: String(arrived), granted: Number(arrived + 1000n) } }));
  });
  open.push(server);
  const { history } = await autocannonEngine.fire(jobFor(server.url, { answer: fields, load: { buyers: 1 } }));
  expect(history.arrivedAt(0)).toBeGreaterThan(history.sentAt(0));
  expect(history.arrivedAt(0)).toBeLessThan(history.endedAt(0));
  expect(history.grantedAt(0) - history.arrivedAt(0)).toBeCloseTo(1000, -2);
});

test("on a machine that has been up for so long that a double no longer holds its clock, a stamp loses nothing", () => {
  const originNs = 2n ** 60n;
  const body = Buffer.from(JSON.stringify({ at: { arrived: String(originNs + 7n) } }));
  expect(compileDetails(fields, originNs)(new Answer(201, body))?.arrivedAt).toBe(7);
});

test("what remains and the fencing token are read, also from numbers in quotes", async () => {
  const history = await historyOf({ left: "41", tokens: [7] });
  expect(history.remaining(0)).toBe(41);
  expect(history.fencingToken(0)).toBe(7);
  expect(history.has("arrivedAt")).toBe(false);
});

test("the state of the server's breaker is read, with the moment from which it held", () => {
  const read = compileDetails({ ...fields, breaker: "breaker", breakerSince: "since" }, 1000n);
  const details = (body: unknown): unknown => read(new Answer(503, Buffer.from(JSON.stringify(body))));
  expect(details({ breaker: "open", since: "1500" })).toMatchObject({ breaker: 2, breakerSince: 500 });
  expect(details({ breaker: "half_open" })).toMatchObject({ breaker: 1, breakerSince: undefined });
  expect(details({ breaker: "closed" })).toMatchObject({ breaker: 0 });
  for (const breaker of ["ajar", "toString", 2, null])
    expect(details({ breaker })).toMatchObject({ breaker: undefined });
});

test("details that are missing or no numbers stay empty", async () => {
  const history = await historyOf({ left: "", tokens: [null], at: { arrived: "soon", granted: true } });
  for (const column of ["remaining", "fencingToken", "arrivedAt", "grantedAt"] as const) {
    expect(history.has(column)).toBe(false);
  }
});

test("answers that no rule matched are errors, and the commonest are remarked upon", async () => {
  const { history, remarks } = await resultOf(418, `I am a teapot\n\u001b[31m${"x".repeat(500)}`, { outcomes: [] });
  expect(outcomesOf(history)).toEqual({ error: 1 });
  expect(remarks).toHaveLength(1);
  expect(remarks[0]).toMatch(
    /^1 answers matched no outcome rule and count as errors: 418 I am a teapot \[31mx+ \(1\)$/,
  );
  expect(remarks[0]?.length).toBeLessThan(220);
});
