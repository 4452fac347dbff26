import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framedLines } from "../../../../src/stacks/docker/engine/framed-lines.ts";

const OUT = 1;
const ERROR = 2;

describe("the lines in the frames of a log", () => {
  it("do not mix what two streams have begun", async () => {
    const frames = [
      frame(OUT, "half a "),
      frame(ERROR, "a whole line\n"),
      frame(OUT, "line\r\nand "),
      frame(ERROR, "the rest"),
    ];
    expect(await linesIn(frames)).toEqual(["a whole line", "half a line", "and ", "the rest"]);
  });

  it("are the same wherever the network cuts, within frames, headers and letters", async () => {
    const bytes = Buffer.concat([frame(OUT, "zwölf\n"), frame(OUT, ""), frame(ERROR, "größer\n"), frame(OUT, "ende")]);
    const cuts = fc
      .array(fc.nat(bytes.length), { maxLength: 12 })
      .map((places) => places.sort((one, other) => one - other));
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const parts = [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
        expect(await linesIn(parts)).toEqual(["zwölf", "größer", "ende"]);
      }),
    );
  });
});

function frame(kind: number, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

async function linesIn(parts: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of framedLines(Readable.from(parts))) lines.push(line);
  return lines;
}
