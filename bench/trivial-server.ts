import { createServer } from "node:http";

/** The least that a shop can do: reads the order and says "sold". Prints its port, and lives until its parent is gone. */
const ANSWER = JSON.stringify({ outcome: "sold", remaining: 1 });
const HEADERS = { "Content-Type": "application/json", "Content-Length": String(ANSWER.length) };

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => response.writeHead(201, HEADERS).end(ANSWER));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${String(address.port)}\n`);
});

process.stdin.resume().once("end", () => {
  server.close();
  server.closeAllConnections();
});
