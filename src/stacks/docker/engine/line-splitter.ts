/** Puts whole lines together again from pieces of bytes, wherever they were cut: even within a letter. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** @returns the lines that this piece completes */
  take(part: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(part, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map(withoutReturn);
  }

  /** @returns what came after the last line end, if anything did */
  end(): string[] {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return rest === "" ? [] : [withoutReturn(rest)];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
