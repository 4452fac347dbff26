import { stripVTControlCharacters } from "node:util";
import { LineSplitter } from "./line-splitter.ts";
import type { EngineMessage } from "./messages.ts";

const STEP = /^Step \d+\/\d+ : /;
/** The builder's own remarks: ` ---> Running in 0123456789ab`. */
const REMARK = /^\s*--->|^Removing intermediate container/;
const LINES_KEPT = 200;
const LINES_SHOWN = 15;

/** Follows a build: which step it is at, what that step has printed, how it failed. */
export class BuildOutput {
  /** Such as `Step 4/9 : RUN npm ci`; "" before the first one. */
  step = "";
  /** The engine's words for what went wrong. */
  failure: string | undefined;
  readonly #splitter = new LineSplitter();
  #lines: string[] = [];

  take({ stream, status, error }: EngineMessage): void {
    if (error !== undefined) this.failure = error.trim();
    // Of the base image's pull, only what is not about single layers' progress matters.
    const text = stream ?? (status === undefined ? "" : `${status}\n`);
    for (const line of this.#splitter.take(Buffer.from(text))) this.#takeLine(stripVTControlCharacters(line));
  }

  /** The last lines that the step has printed. */
  tail(): readonly string[] {
    return [...this.#lines, ...this.#splitter.end()].slice(-LINES_SHOWN);
  }

  #takeLine(line: string): void {
    if (STEP.test(line)) {
      this.step = line.trim();
      this.#lines = [];
    } else if (line.trim() !== "" && !REMARK.test(line)) {
      this.#lines.push(line);
      if (this.#lines.length > LINES_KEPT) this.#lines = this.#lines.slice(-LINES_SHOWN);
    }
  }
}
