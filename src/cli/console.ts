import { Chalk, type ChalkInstance, supportsColor } from "chalk";
import type { Host } from "../host/host.ts";
import { wrap } from "../reporters/width.ts";
import { outputWidth } from "./output-width.ts";

type Streams = Pick<Host, "stdout" | "stderr" | "env">;

export interface ConsoleOptions {
  readonly colour: boolean;
  /** No progress, no notes: results only. */
  readonly quiet: boolean;
}

const NARROWEST = 60;

/** Results go to stdout; progress, notes and warnings to stderr. Everything that is printed is printed here. */
export class Console {
  readonly colour: boolean;
  readonly width: number;
  readonly chalk: ChalkInstance;
  readonly #streams: Streams;
  readonly #quiet: boolean;
  readonly #live: boolean;
  #liveShown = false;

  constructor(streams: Streams, options: ConsoleOptions) {
    this.#streams = streams;
    this.#quiet = options.quiet;
    this.colour = options.colour && wantsColour(streams);
    this.chalk = new Chalk({ level: this.colour ? 1 : 0 });
    this.width = Math.max(NARROWEST, outputWidth(streams));
    this.#live =
      !options.quiet && streams.stderr.isTTY === true && !streams.env["CI"] && streams.env["TERM"] !== "dumb";
  }

  /** A result, on stdout. */
  result(text: string): void {
    this.clearLive();
    this.#streams.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Something worth knowing that is not a result, on stderr. */
  note(text: string): void {
    if (this.#quiet) return;
    this.warn(text);
  }

  /** A note of whole sentences: a terminal shows it in lines of its width. */
  remark(text: string): void {
    this.note(this.#streams.stderr.isTTY === true ? wrap(text, this.width).join("\n") : text);
  }

  /** Like a note, but never silenced. */
  warn(text: string): void {
    this.clearLive();
    this.#streams.stderr.write(`${text}\n`);
  }

  /** Columns that a live line may take. */
  get liveWidth(): number {
    return (this.#streams.stderr.columns ?? 80) - 1;
  }

  /** One line that is overwritten by the next; nothing where stderr is no terminal. */
  live(line: string): void {
    if (!this.#live) return;
    this.#liveShown = true;
    this.#streams.stderr.write(`\r\u001b[2K${line}`);
  }

  clearLive(): void {
    if (!this.#liveShown) return;
    this.#liveShown = false;
    this.#streams.stderr.write("\r\u001b[2K");
  }
}

function wantsColour({ stdout, env }: Streams): boolean {
  return stdout.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb" && supportsColor !== false;
}
