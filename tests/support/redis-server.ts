import { execa } from "execa";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly client: Redis;
  stop(): Promise<void>;
}

/** A real Redis of the test's own, on a free port, that keeps nothing on disk. */
export async function startRedis(onPort?: number): Promise<TestRedis> {
  const port = onPort ?? (await freePort());
  const server = execa(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdin: "ignore",
      reject: false,
    },
  );
  const client = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  await client.ping();
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    pid: server.pid ?? 0,
    client,
    async stop() {
      client.disconnect();
      server.kill("SIGKILL");
      await server;
    },
  };
}
