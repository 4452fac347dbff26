import { createServer } from "node:net";

/** Listens on a port of 127.0.0.1 for a moment. @returns why that cannot be done, such as EADDRINUSE, or undefined when it can */
export function tryListen(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error));
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(undefined)));
  });
}
