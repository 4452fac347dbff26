import type { IncomingMessage } from "node:http";

const MOST_BYTES = 1024 * 1024;
const LONGEST_MS = 500;

/**
 * Ends a connection whose request body nobody wants. Closing it at once would
 * reset it, and the sender, still writing, would never see the answer: so a
 * little more is read and thrown away.
 */
export function linger(request: IncomingMessage): void {
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.socket.destroy();
  };
  const timer = setTimeout(end, LONGEST_MS);
  request.removeAllListeners("data");
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) end();
  });
  request.on("end", () => clearTimeout(timer));
  request.on("close", () => clearTimeout(timer));
  request.resume();
}
