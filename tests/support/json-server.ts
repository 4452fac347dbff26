import { createServer, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";

/** What a test's server answers: a status and a JSON body. */
export type Answer = readonly [status: number, body: unknown];

/** A real HTTP server of this test's own on 127.0.0.1. */
export async function jsonServer(answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const [status, body] = answer(request, text);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server has no port");
  return `http://127.0.0.1:${String(address.port)}`;
}
