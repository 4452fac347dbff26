import { expect, test } from "vitest";
import { Console } from "../../src/cli/console.ts";

const REMARK =
  "left out: false_sold_out: every buyer had been sent before the first one was told that nothing was left";

/** What a console with an stderr of this kind prints there. */
function printed(isTTY: boolean, tell: (console: Console) => void): string {
  const written: string[] = [];
  const stream = { isTTY, columns: 70, write: (text: string) => written.push(text) > 0 };
  const streams = { stdout: stream, stderr: stream, env: {} } as unknown as ConstructorParameters<typeof Console>[0];
  tell(new Console(streams, { colour: false, quiet: false }));
  return written.join("");
}

test("a remark is broken into lines of a terminal's width, and is one line elsewhere", () => {
  const onTerminal = printed(true, (console) => console.remark(REMARK));
  expect(
    onTerminal
      .trimEnd()
      .split("\n")
      .map((line) => line.length <= 70),
  ).toEqual([true, true]);
  expect(onTerminal.replace(/\s+/g, " ").trim()).toBe(REMARK);
  expect(printed(false, (console) => console.remark(REMARK))).toBe(`${REMARK}\n`);
});
