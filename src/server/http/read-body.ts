import type { IncomingMessage } from "node:http";
import { BadRequest } from "./bad-request.ts";

const MOST_BYTES = 64 * 1024;

/**
 * Reads a body of at most 64 KB.
 * @throws BadRequest (413) as soon as it is known to be larger; the rest is not kept
 */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new BadRequest(400, "the connection was closed before the body was complete"));
    });
  });
}

function tooLarge(): BadRequest {
  return new BadRequest(413, `the body is larger than ${String(MOST_BYTES)} bytes`, { connection: "close" });
}
