import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTap, type TestTap } from "./support/start-tap.ts";

let node: Server;
let tap: TestTap;
let accepted: (socket: Socket) => void;
beforeAll(async () => {
  node = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    accepted(socket);
  });
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  tap = await startTap([(node.address() as AddressInfo).port]);
});
afterAll(async () => {
  await tap.stop();
  node.close();
});

async function pair(): Promise<[server: Socket, node: Socket]> {
  const other = new Promise<Socket>((resolve) => {
    accepted = resolve;
  });
  const server = createConnection({ host: "127.0.0.1", port: tap.ports[0] ?? 0, allowHalfOpen: true, noDelay: true });
  await once(server, "connect");
  return [server, await other];
}

async function all(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("*2\r\n$3\r\nGET\r\n$6\r\nlock:1\r\n", "+OK\r\n", "$-1\r\n", "*1\r\n", "lock:1 \r\n")
    .map((text) => Buffer.from(text)),
  fc.integer({ min: 1000, max: 200_000 }).map((size) => Buffer.alloc(size, "lock:")),
);
const stream = fc.array(piece, { maxLength: 12 });

test("whatever is said arrives byte for byte, each side can stop before the other, and the tap lives on", async () => {
  await fc.assert(
    fc.asyncProperty(stream, stream, fc.boolean(), async (requests, replies, serverFirst) => {
      const [server, other] = await pair();
      const heard = all(other);
      const answered = all(server);
      const [first, second] = serverFirst ? [server, other] : [other, server];
      const [firstSays, secondSays] = serverFirst ? [requests, replies] : [replies, requests];
      for (const bytes of firstSays) first.write(bytes);
      first.end();
      // The other goes on after it has heard the end.
      await (serverFirst ? heard : answered);
      for (const bytes of secondSays) second.write(bytes);
      second.end();
      expect((await heard).equals(Buffer.concat(requests))).toBe(true);
      expect((await answered).equals(Buffer.concat(replies))).toBe(true);
    }),
    { numRuns: 60 },
  );
  await expect.poll(async () => (await tap.client.status()).connections).toBe(0);
});
