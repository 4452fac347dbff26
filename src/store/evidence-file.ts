import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";

const CHUNK = 256 * 1024;

/** A new file that is written in chunks, and whose sha256 is known at the end. */
export class EvidenceFile {
  readonly #descriptor: number;
  readonly #hash: Hash = createHash("sha256");
  #pending = "";
  #open = true;

  /** @throws the file system's error, as every method here; also when the file exists already */
  constructor(path: string) {
    this.#descriptor = openSync(path, "wx");
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK) this.#flush();
  }

  /** Writes what is left. @returns the sha256 of the whole file, in hex */
  finish(): string {
    this.#flush();
    this.close();
    return this.#hash.digest("hex");
  }

  /** Gives the descriptor back; harmless when called twice. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending, "utf8");
    this.#pending = "";
    this.#hash.update(bytes);
    // A nearly full disk takes a part first and refuses the rest at the next call.
    for (let done = 0; done < bytes.length;) done += writeSync(this.#descriptor, bytes, done);
  }
}
