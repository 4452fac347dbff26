import { createConnection, createServer, type Socket } from "node:net";

/** A wire to a Redis node that takes its time. */
export interface SlowLink {
  readonly url: string;
  /** How long what a server sends is under way to the node, in ms; replies arrive at once. */
  delayMs: number;
  end(): Promise<void>;
}

/**
 * @param port where the node listens
 * @param delayMs how long what a server sends is under way, in ms, until it is changed
 */
export async function startSlowLink(port: number, delayMs = 0): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const listener = createServer({ noDelay: true }, (near) => {
    const far = createConnection({ port, host: "127.0.0.1", noDelay: true });
    keep(near, far);
    keep(far, near);
    far.pipe(near);
    const underWay: Buffer[] = [];
    near.on("data", (chunk: Buffer) => {
      underWay.push(chunk);
      // Nothing overtakes, also when the delay has changed: whatever is due, the oldest goes on.
      setTimeout(() => far.write(underWay.shift() ?? ""), link.delayMs);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("a slow link has no port");
  const link: SlowLink = {
    url: `redis://127.0.0.1:${String(address.port)}`,
    delayMs,
    async end() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return link;
}
