/** A place for text: the terminal, or a file or pipe that takes its part. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): boolean;
  /**
   * Waits until everything that was written has arrived.
   * @returns why it has not, such as a full disk; undefined when it has, or when the reader has gone
   */
  flushed(): Promise<Error | undefined>;
}

/** A pipe whose reader has ended, a terminal that was closed. */
const READER_GONE = ["EPIPE", "EIO"];

/**
 * A standard stream that can be written to whatever becomes of its other end:
 * `lockbench run … | head` must not die of its output before it has cleaned up.
 */
export function steadyStream(stream: NodeJS.WriteStream): TextStream {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    write: (text) => failure === undefined && stream.write(text),
    async flushed() {
      await new Promise((resolve) => stream.write("", () => setImmediate(resolve)));
      return READER_GONE.includes(failure?.code ?? "") ? undefined : failure;
    },
  };
}
