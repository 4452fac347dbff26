import { once } from "node:events";
import { execa } from "execa";
import type { TestServer } from "./servers.ts";

const SCRIPT = `
  import { createServer } from "node:http";
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(201, { "Content-Length": "0" }).end());
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: Number(process.env.BACKLOG) }, () => console.log(server.address().port));
  process.stdin.resume().once("end", () => { server.close(); server.closeAllConnections(); });
`;

/** A node:http server in a process of its own, by default with the usual listen queue. Answers everything with 201. */
export async function startTrivialServer({ backlog = 511 } = {}): Promise<TestServer & { readonly pid: number }> {
  const child = execa(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
    stdin: "pipe",
    reject: false,
    buffer: false,
    env: { BACKLOG: String(backlog) },
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const { pid } = child;
  if (pid === undefined) throw new Error("the server did not start");
  return {
    pid,
    url: `http://127.0.0.1:${port.toString().trim()}`,
    async close() {
      child.kill("SIGCONT");
      child.stdin.end();
      await child;
    },
  };
}
