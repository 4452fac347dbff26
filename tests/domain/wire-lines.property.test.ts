import fc from "fast-check";
import { expect, test } from "vitest";
import type { WireCommand, WireLog, WireReply } from "../../src/domain/wire.ts";
import { lineOf, wireLines, wireLogOf } from "../../src/domain/wire-lines.ts";

const reply = fc.letrec<{ reply: WireReply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<WireReply>(null, true, "OK", { error: "WRONGTYPE" }),
    fc.string(),
    fc.integer(),
    fc.array(tie("reply"), { maxLength: 3 }),
  ),
})).reply;
const stamp = fc.option(fc.integer(), { nil: null });
const command: fc.Arbitrary<WireCommand> = fc.record({
  server: fc.nat(3),
  node: fc.nat(4),
  connection: fc.nat(9),
  sentAt: fc.integer(),
  forwardedAt: stamp,
  repliedAt: stamp,
  deliveredAt: stamp,
  words: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
  reply,
});
const log: fc.Arbitrary<WireLog> = fc.record({
  commands: fc.array(command, { maxLength: 6 }).map((all) => all.toSorted((a, b) => a.sentAt - b.sentAt)),
  scripts: fc.dictionary(fc.string(), fc.string()).map((scripts) => new Map(Object.entries(scripts))),
  lost: fc.array(fc.string(), { maxLength: 2 }),
});

test("a log that was written reads the same again", () => {
  fc.assert(
    fc.property(log, (kept) => {
      expect(wireLogOf(wireLines(kept), 0n)).toEqual(kept);
    }),
  );
});

test("a log of which any part is missing says so", () => {
  fc.assert(
    fc.property(log, fc.nat(), fc.boolean(), (kept, drawn, cut) => {
      const lines = [...wireLines(kept)];
      const at = drawn % lines.length;
      const told = (text: string): boolean => text.startsWith('{"script"') || text.startsWith('{"lost"');
      const damaged = cut ? lines.slice(0, at) : lines.toSpliced(at, 1);
      // A script and a line about somebody lost stand for themselves; nothing counts them.
      fc.pre(cut || !told(lines[at] ?? ""));
      expect(wireLogOf(damaged, 0n).lost.length).toBeGreaterThan(kept.lost.length - (cut ? kept.lost.length : 0));
    }),
  );
});

test("stamps are moved to the clock of the history", () => {
  const at = [1000, 1001, null, null] as const;
  const line = { command: 1, server: 0, node: 0, connection: 0, at, words: ["GET", "a"], reply: null };
  const lines = [{ wire: 1 as const, originNs: "5000" }, line, { complete: 1 }].map(lineOf);
  expect(wireLogOf(lines, 5900n).commands).toMatchObject([{ sentAt: 100, forwardedAt: 101, repliedAt: null }]);
});

test("the last line about a command counts, in the order in which commands were sent", () => {
  const line = (number: number, sentAt: number, answer: string | null): string =>
    lineOf({
      command: number,
      server: 0,
      node: 0,
      connection: 0,
      at: [sentAt, null, null, null],
      words: ["GET", String(number)],
      reply: answer,
    });
  const lines = [lineOf({ wire: 1, originNs: "0" }), line(2, 7, null), lineOf({ complete: 1 }), line(1, 9, "one")];
  const read = wireLogOf([...lines, line(2, 7, "two"), lineOf({ complete: 2 }), ""], 0n);
  expect(read.commands.map((command) => command.reply)).toEqual(["two", "one"]);
  expect(read.lost).toEqual([]);
});

test.each([
  ["nonsense", "nonsense"],
  ["a half of a line", '{"command":1,"server":0,"no'],
  [
    "a stamp that is none",
    '{"command":1,"server":0,"node":0,"connection":0,"at":["1",null,null,null],"words":[],"reply":null}',
  ],
  [
    "a reply that is none",
    '{"command":1,"server":0,"node":0,"connection":0,"at":[1,null,null,null],"words":[],"reply":{}}',
  ],
])("%s is told among the lost, with its line", (_, text) => {
  const read = wireLogOf([lineOf({ wire: 1, originNs: "0" }), text, lineOf({ complete: 0 })], 0n);
  expect(read).toEqual({ commands: [], scripts: new Map(), lost: ["line 2 of the wire log cannot be read"] });
});
