import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A node:http server; requests are read to their end before the handler sees them. */
export async function httpServer(
  handler: (body: string, ...rest: Parameters<RequestListener>) => void,
  configure: (server: HttpServer) => void = () => undefined,
): Promise<TestServer> {
  const server = createHttpServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => handler(body, request, response));
  });
  configure(server);
  return listening(server);
}

/** A server on bare TCP that gets each whole request as text, and answers whatever it likes. */
export function rawServer(
  onRequest: (request: string, socket: Socket) => void,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<TestServer> {
  return listening(
    createNetServer((socket) => {
      let received = "";
      socket.on("error", () => undefined);
      socket.setEncoding("latin1").on("data", (piece: string) => {
        received += piece;
        for (let end = requestEnd(received); end >= 0 && received.length >= end; end = requestEnd(received)) {
          const request = received.slice(0, end);
          received = received.slice(end);
          onRequest(request, socket);
        }
      });
      onConnection(socket);
    }),
  );
}

/** Where the first request ends, or -1 as long as its headers are not complete. */
function requestEnd(text: string): number {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return -1;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  const end = head + 4 + Number(length ?? 0);
  return text.length >= end ? end : -1;
}

async function listening(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
