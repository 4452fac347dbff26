import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History } from "../../src/domain/history.ts";
import { OUTCOMES } from "../../src/domain/outcome.ts";
import { HistoryReader } from "../../src/store/csv-history.ts";
import { Damage } from "../../src/store/damage.ts";
import { ATTEMPT_COLUMNS, FIRST_ATTEMPT_COLUMNS, historyCsv } from "../../src/store/history-csv.ts";

const stamp = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const absent = fc.option(stamp, { nil: undefined });
const attempt = fc.record({
  buyer: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  order: fc.integer({ min: 0, max: 1000 }),
  sentAt: stamp,
  endedAt: fc.option(stamp, { nil: undefined }),
  status: fc.integer({ min: 0, max: 599 }),
  outcome: fc.constantFrom(...OUTCOMES),
  server: fc.integer({ min: 0, max: 255 }),
  details: fc.record({
    arrivedAt: absent,
    grantedAt: absent,
    remaining: absent,
    fencingToken: absent,
    breaker: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    breakerSince: absent,
  }),
});

function historyOf(attempts: readonly (typeof attempt extends fc.Arbitrary<infer One> ? One : never)[]): History {
  const history = new History(17n);
  for (const one of attempts) {
    const index = history.begin(one.buyer, one.order, one.sentAt, one.server);
    if (one.endedAt !== undefined) history.end(index, one.endedAt, one.status, one.outcome, one.details);
  }
  return history;
}

function rowsOf(history: History): unknown[] {
  return Array.from({ length: history.length }, (_, index) => [
    history.buyer(index),
    history.order(index),
    history.sentAt(index),
    history.endedAt(index),
    history.status(index),
    history.outcome(index),
    history.arrivedAt(index),
    history.grantedAt(index),
    history.remaining(index),
    history.fencingToken(index),
    history.server(index),
    history.breaker(index),
    history.breakerSince(index),
  ]);
}

function readBack(csv: string, attempts: number): { history: History; damage: readonly string[] } {
  const damage = new Damage();
  const reader = new HistoryReader(17n, attempts, "attempts.csv", damage);
  if (csv !== "") reader.take(Buffer.from(csv));
  return { history: reader.finish(), damage: damage.lines };
}

function csvLine(index: number): string {
  return `${String(index)},${String(index)},0,${String(index * 10)},${String(index * 10 + 5)},201,sold,,,,,0,,\n`;
}

describe("a history as CSV", () => {
  it("reads back as exactly the history that was written", () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40 }), (attempts) => {
        const history = historyOf(attempts);
        const { history: back, damage } = readBack([...historyCsv(history)].join(""), history.length);
        expect(damage).toEqual([]);
        expect(rowsOf(back)).toEqual(rowsOf(history));
      }),
    );
  });

  it("reads back across the borders of chunks", () => {
    const history = new History(0n);
    for (let index = 0; index < 10_000; index += 1) history.begin(index, 0, index);
    const damage = new Damage();
    const reader = new HistoryReader(0n, history.length, "attempts.csv", damage);
    for (const chunk of historyCsv(history)) reader.take(Buffer.from(chunk));
    expect(rowsOf(reader.finish())).toEqual(rowsOf(history));
    expect(damage.lines).toEqual([]);
  });

  it("has a header and leaves empty what is not known", () => {
    const history = new History(0n);
    history.begin(7, 1, 12.5, 2);
    expect([...historyCsv(history)].join("")).toBe(`${ATTEMPT_COLUMNS}\n0,7,1,12.5,,0,unknown,,,,,2,,\n`);
  });
});

describe("a history that was kept before it had all columns", () => {
  const kept = `${FIRST_ATTEMPT_COLUMNS}\n0,4,1,10,15,201,sold,11,12,3,9\n1,5,0,20,,0,unknown,,,,\n`;

  it("is read all the same, every attempt at the first server", () => {
    const { history, damage } = readBack(kept, 2);
    expect(damage).toEqual([]);
    expect(rowsOf(history)).toEqual([
      [4, 1, 10, 15, 201, "sold", 11, 12, 3, 9, 0, Number.NaN, Number.NaN],
      [5, 0, 20, Number.NaN, 0, "unknown", Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0, Number.NaN, Number.NaN],
    ]);
  });

  it("is damaged where a line has the columns of today", () => {
    expect(readBack(kept.replace(",9\n", ",9,0,,\n"), 2).damage[0]).toMatch(/:2: expected 11 fields/);
  });
});

describe("a garbled history", () => {
  it("keeps the number of every later attempt when a line was deleted", () => {
    const { history, damage } = readBack(`${ATTEMPT_COLUMNS}\n${csvLine(0)}${csvLine(2)}`, 3);
    expect(damage).toEqual(["attempts.csv: expected attempt 1, found 2 next"]);
    expect(history.length).toBe(3);
    expect([history.buyer(1), history.outcome(1)]).toEqual([-1, "unknown"]);
    expect([history.buyer(2), history.outcome(2)]).toEqual([2, "sold"]);
  });

  it("says which line cannot be read, and why", () => {
    const broken = csvLine(1).replace("sold", "bought");
    const { damage } = readBack(`${ATTEMPT_COLUMNS}\n${csvLine(0)}${broken}${csvLine(2)}`, 3);
    expect(damage[0]).toBe(
      'attempts.csv:3: expected one of sold, sold_out, busy, refused, error, unknown, found "1,1,0,10,15,201,bought,,,,,0,,"',
    );
  });

  it.each([
    ["a number that claims more attempts than there were", csvLine(4_000_000)],
    ["a line that comes twice", csvLine(0)],
    ["too few fields", "1,1,0,10\n"],
    ["a word for a number", "1,1,0,10,later,201,sold,,,,,0,,\n"],
    ["half a buyer", "1,1.5,0,10,15,201,sold,,,,,0,,\n"],
    ["no time of sending", "1,1,0,,15,201,sold,,,,,0,,\n"],
    ["a server that cannot be", "1,1,0,10,15,201,sold,,,,,256,,\n"],
    ["no server", "1,1,0,10,15,201,sold,,,,,,,\n"],
  ])("notes %s as damage and goes on", (_, line) => {
    const { history, damage } = readBack(`${ATTEMPT_COLUMNS}\n${csvLine(0)}${line}${csvLine(1)}`, 2);
    expect(damage).toHaveLength(1);
    expect(damage[0]).toMatch(/^attempts\.csv:3: expected /);
    expect(rowsOf(history)).toHaveLength(2);
    expect(history.outcome(1)).toBe("sold");
  });

  it("is noticed when it is cut short, empty, or lacks its header", () => {
    expect(readBack(`${ATTEMPT_COLUMNS}\n${csvLine(0)}`, 2).damage).toEqual([
      "attempts.csv: expected 2 attempts, found 1 fewer",
    ]);
    expect(readBack("", 1).damage).toHaveLength(1);
    expect(readBack(csvLine(0), 1).damage[0]).toMatch(/expected the header/);
  });
});
