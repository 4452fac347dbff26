import type { IncomingMessage } from "node:http";
import type Dockerode from "dockerode";
import { LineSplitter } from "./line-splitter.ts";

/**
 * Asks the engine for something that arrives bit by bit. Aborting the signal
 * ends the stream with an error. dockerode's own calls wait for the whole
 * answer where they should not, and read a log that looks like JSON as JSON.
 */
export function engineStream(
  docker: Dockerode,
  path: string,
  query: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const modem = docker.modem as {
    dial(options: object, done: (error: Error | null, stream: IncomingMessage) => void): void;
  };
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `${path}?`,
        method: "GET",
        options: query,
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true },
      },
      (error, stream) => {
        if (error === null) resolve(stream);
        else reject(error);
      },
    );
  });
}

/** Each line of a stream, as text, however it was cut into pieces; the last one need not be ended. */
export async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  const splitter = new LineSplitter();
  for await (const part of stream) yield* splitter.take(part as Buffer);
  yield* splitter.end();
}
