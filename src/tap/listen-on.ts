import type { Server } from "node:net";

/**
 * Listens on a port of 127.0.0.1.
 * @throws Error that names the port
 */
export function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // It stays: a connection that cannot be accepted, for want of files, fails at its other end.
    server.on("error", (error: NodeJS.ErrnoException) => {
      const what = error.code === "EADDRINUSE" ? "port taken" : "cannot listen";
      const why = error.code ?? error.message;
      reject(new Error(`${what}: ${String(port)} on 127.0.0.1, expected a free port (${why})`, { cause: error }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
