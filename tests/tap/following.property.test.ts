import fc from "fast-check";
import { expect, test } from "vitest";
import type { WireReply } from "../../src/domain/wire.ts";
import { Conversation } from "../../src/tap/conversation.ts";
import type { Passage } from "../../src/tap/passage.ts";
import { ReplyParser } from "../../src/tap/resp/reply-parser.ts";
import { RequestParser } from "../../src/tap/resp/request-parser.ts";

/** What one side says, and what the reader must make of it. */
interface Said {
  readonly request: string;
  readonly reply: string;
  /** The words and the reply of each command that must be recorded, in the order of their replies. */
  readonly recorded: readonly (readonly [readonly string[], WireReply])[];
}

/** A reply as it is sent, and as it is kept. */
type Coded = readonly [wire: string, kept: WireReply];

const word = fc.string({ unit: fc.constantFrom("a", "é", "\r", "\n", "$", "*", " ", '"'), maxLength: 8 });
const size = (text: string): string => String(Buffer.byteLength(text));
const bulk = (text: string): string => `$${size(text)}\r\n${text}\r\n`;
const array = (words: readonly string[]): string => `*${String(words.length)}\r\n${words.map(bulk).join("")}`;

const scalar: fc.Arbitrary<Coded> = fc.oneof(
  fc.constantFrom<Coded>(["+OK\r\n", "OK"], ["$-1\r\n", null], ["*-1\r\n", null], ["_\r\n", null], ["#t\r\n", true]),
  fc.constantFrom<Coded>(
    ["#f\r\n", false],
    [",inf\r\n", "inf"],
    [",1.5\r\n", 1.5],
    ["(92233720368547758089\r\n", "92233720368547758089"],
  ),
  fc.constantFrom<Coded>(
    ["-ERR no\r\n", { error: "ERR no" }],
    ["+a\nb\r\n", "a\nb"],
    ["!6\r\nERR\r\nx\r\n", { error: "ERR\r\nx" }],
  ),
  fc.constantFrom<Coded>(
    ["=7\r\ntxt:a\r\n\r\n", "a\r\n"],
    ["$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n", "abc"],
    ["$?\r\n;0\r\n", ""],
  ),
  fc.integer().map((value): Coded => [`:${String(value)}\r\n`, value]),
  word.map((text): Coded => [bulk(text), text]),
);

const reply = fc.letrec<{ reply: Coded }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc
      .tuple(fc.constantFrom("*", "~", "%", "?"), fc.array(tie("reply"), { maxLength: 3 }))
      .map(([type, items]) => collection(type, items)),
    fc
      .tuple(scalar, tie("reply"))
      .map(([[attribute], [wire, kept]]): Coded => [`|1\r\n+ttl\r\n${attribute}${wire}`, kept]),
  ),
})).reply;

function collection(type: string, items: readonly Coded[]): Coded {
  const all = type === "%" ? items.flatMap((item) => [item, item]) : items;
  const [wire, kept] = [all.map(([text]) => text).join(""), all.map(([, value]) => value)];
  return [type === "?" ? `*?\r\n${wire}.\r\n` : `${type}${String(items.length)}\r\n${wire}`, kept];
}

const plain = fc
  .tuple(fc.constantFrom("get", "SET", "EvalSha"), fc.boolean(), fc.array(word, { maxLength: 3 }), reply)
  .map(([name, touches, words, [wire, kept]]): Said => {
    const all = [name, touches ? "lock:1" : "other", ...words];
    return {
      request: array(all),
      reply: wire,
      recorded: touches ? [[[name.toUpperCase(), ...all.slice(1)], kept]] : [],
    };
  });

const typed = fc.tuple(fc.constantFrom("", "  ", "\r"), reply).map(([space, [wire, kept]]): Said => ({
  request: `\r\n${space === "\r" ? "" : space}get 'lock:1' "\\x41b"${space === "\r" ? "\r" : ""}\n`,
  reply: wire,
  recorded: [[["GET", "lock:1", "Ab"], kept]],
}));

const transaction = fc
  .tuple(fc.array(plain, { maxLength: 4 }), fc.constantFrom("exec", "discard", "nil", "error"), fc.boolean())
  .map(([inside, how, failing]): Said => {
    const recorded = inside.flatMap((said) => said.recorded);
    const notExecuted = { error: "EXECABORT the transaction was not executed" };
    const endings = {
      exec: `*${String(inside.length)}\r\n${inside.map((said) => said.reply).join("")}`,
      discard: "+OK\r\n",
      nil: "*-1\r\n",
      error: "-EXECABORT\r\n",
    };
    const refused: Said["recorded"] = failing ? [[["SET", "lock:1"], { error: "ERR wrong number" }]] : [];
    return {
      request: [
        array(["MULTI"]),
        failing ? array(["SET", "lock:1"]) : "",
        ...inside.map((said) => said.request),
        array([how === "discard" ? "DISCARD" : "EXEC"]),
      ].join(""),
      reply: ["+OK\r\n", failing ? "-ERR wrong number\r\n" : "", ...inside.map(() => "+QUEUED\r\n"), endings[how]].join(
        "",
      ),
      recorded: [...refused, ...(how === "exec" ? recorded : recorded.map(([words]) => [words, notExecuted] as const))],
    };
  });

const quiet = fc.array(fc.constantFrom("get", "lock:1"), { minLength: 1, maxLength: 3 }).chain((words) =>
  fc.constantFrom<Said>(
    { request: array(["client", "reply", "skip"]) + array(["SET", ...words]), reply: "", recorded: [] },
    {
      request: array(["CLIENT", "REPLY", "OFF"]) + array(words) + array(words) + array(["CLIENT", "REPLY", "ON"]),
      reply: "+OK\r\n",
      recorded: [],
    },
    { request: array(["client", "reply", "on"]), reply: "+OK\r\n", recorded: [] },
    { request: array(["client", "id"]), reply: ":7\r\n", recorded: [] },
  ),
);

/** RESP3 pushes come between any two replies. */
const push = fc
  .constantFrom(
    ">2\r\n+invalidate\r\n*1\r\n$6\r\nlock:1\r\n",
    ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n",
    ">0\r\n",
    ">?\r\n+x\r\n.\r\n",
  )
  .map((wire): Said => ({ request: "", reply: wire, recorded: [] }));

const subscription = fc
  .tuple(fc.constantFrom("", "p", "s"), fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([prefix, names, resp3]): Said => {
    const mark = resp3 ? ">3\r\n" : "*3\r\n";
    const confirm = (kind: string, name: string): string => `${mark}${bulk(prefix + kind)}${bulk(name)}:1\r\n`;
    const distinct = [...new Set(names)];
    const message = `${resp3 ? ">" : "*"}3\r\n${bulk(`${prefix}message`)}${bulk("x")}${bulk("y")}`;
    return {
      request:
        array(["HELLO", resp3 ? "3" : "2"]) +
        array([`${prefix}subscribe`, ...names]) +
        array([`${prefix}UNSUBSCRIBE`]) +
        array([`${prefix}UNSUBSCRIBE`]),
      reply:
        "%1\r\n+proto\r\n:3\r\n" +
        names.map((name) => confirm("subscribe", name)).join(message) +
        message +
        distinct.map((name) => confirm("unsubscribe", name)).join("") +
        `${mark}${bulk(`${prefix}unsubscribe`)}$-1\r\n:0\r\n`,
      recorded: [],
    };
  });

const dialogue = fc.array(fc.oneof(plain, typed, transaction, quiet, push, subscription), { maxLength: 8 });
const cuts = fc.array(fc.nat(400), { maxLength: 30 });

function pieces(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = [0, ...new Set(at.map((cut) => cut % (bytes.length + 1))), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

function follow(requests: readonly Buffer[], replies: readonly Buffer[]): { heard: unknown[]; ends: number[] } {
  const heard: unknown[] = [];
  const ends: number[] = [];
  const conversation = new Conversation((passage, value, end) => {
    heard.push([passage.words, value]);
    ends.push(end);
  });
  const requestParser = new RequestParser(["lock:"], (command) => {
    const words = [command.name, ...command.words.slice(1)];
    const passage: Passage = {
      number: 0,
      words,
      sentAt: 0,
      forwardedAt: null,
      repliedAt: null,
      deliveredAt: null,
      reply: null,
      requestEnd: command.end,
      replyEnd: null,
      awaitsReply: true,
    };
    conversation.command(command, command.touches ? passage : null);
  });
  const replyParser = new ReplyParser(conversation);
  for (const piece of requests) requestParser.feed(piece);
  for (const piece of replies) replyParser.feed(piece);
  return { heard, ends };
}

test("however requests and replies are cut, each recorded command has its own reply", () => {
  fc.assert(
    fc.property(dialogue, cuts, cuts, (said, requestCuts, replyCuts) => {
      const requests = said.map(({ request }) => request).join("");
      const replies = said.map(({ reply: text }) => text).join("");
      const { heard, ends } = follow(pieces(requests, requestCuts), pieces(replies, replyCuts));
      expect(heard).toEqual(said.flatMap(({ recorded }) => recorded));
      expect(ends).toEqual(follow([Buffer.from(requests)], [Buffer.from(replies)]).ends);
      const single = [...Buffer.from(replies)].map((byte) => Buffer.from([byte]));
      expect(follow([Buffer.from(requests)], single)).toEqual({ heard, ends });
    }),
    { numRuns: 1500 },
  );
});

test("whatever bytes come, the readers say that they are lost, or go on", () => {
  const garbage = fc.array(
    fc.oneof(
      fc.constantFrom(
        "*",
        "$",
        "2\r\n",
        "-1\r\n",
        "\r\n",
        ":",
        ">",
        "|1\r\n",
        "?\r\n",
        ".\r\n",
        ";",
        "GET ",
        "'",
        "99999999999999999\r\n",
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(garbage, garbage, (requests, replies) => {
      try {
        follow([Buffer.from(requests.join(""))], [Buffer.from(replies.join(""))]);
      } catch (error) {
        expect(error).toMatchObject({ name: "Illegible" });
      }
    }),
    { numRuns: 3000 },
  );
});
