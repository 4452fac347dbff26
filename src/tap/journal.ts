import type { FileHandle } from "node:fs/promises";
import { lineOf, type WireLine } from "../domain/wire-lines.ts";

const CHUNK = 64 * 1024;

/** Where lines are kept: they are gathered, and written one chunk after the other. */
export class Journal {
  readonly #file: FileHandle;
  #gathered: string[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  /** @param file opened for appending */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Empties the file and starts again. */
  begin(): void {
    this.#gathered = [];
    this.#size = 0;
    this.#then(() => this.#file.truncate(0));
  }

  add(line: WireLine): void {
    const text = lineOf(line);
    this.#gathered.push(text);
    this.#size += text.length;
    if (this.#size >= CHUNK) this.#hand();
  }

  /** @throws what went wrong with the file since it was opened: it is not complete then, and never will be */
  async flushed(): Promise<void> {
    if (this.#size > 0) this.#hand();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    try {
      await this.flushed();
    } finally {
      await this.#file.close();
    }
  }

  #hand(): void {
    const text = `${this.#gathered.join("\n")}\n`;
    this.#gathered = [];
    this.#size = 0;
    this.#then(() => this.#file.appendFile(text));
  }

  #then(work: () => Promise<void>): void {
    this.#writing = this.#writing
      .then(async () => {
        if (this.#failure === undefined) await work();
      })
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      });
  }
}
