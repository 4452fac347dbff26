import { execa } from "execa";
import { RedisNodes } from "../../../src/server/redis/redis-nodes.ts";
import { startRedis, type TestRedis } from "../../support/redis-server.ts";

/** Redis servers that know nothing of each other, and what is connected to them; `end` stops all of it. */
export interface Cluster {
  readonly servers: readonly TestRedis[];
  readonly urls: readonly [string, ...string[]];
  /** Connections of their own, as in a process of its own; straight to the servers, unless there is another way to them. */
  connect(limitMs?: number, ways?: Cluster["urls"]): Promise<RedisNodes>;
  signal(places: readonly number[], signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Starts killed servers again, on the same ports, with nothing in them. */
  restart(places: readonly number[]): void;
  /** On every node, which must be there. */
  set(key: string, value: string | number): Promise<void>;
  /** How many commands a node has had so far. */
  timesAsked(place: number): Promise<number>;
  /** What each of these nodes holds under a key. */
  read(key: string, places: readonly number[]): Promise<(string | null)[]>;
  end(): Promise<void>;
}

export async function startCluster(size: number): Promise<Cluster> {
  const servers = await Promise.all(Array.from({ length: size }, () => startRedis()));
  const [first = "", ...others] = servers.map(({ url }) => url);
  const urls = [first, ...others] as const;
  const connected: RedisNodes[] = [];
  const heirs: { kill(): void; readonly gone: Promise<unknown> }[] = [];
  return {
    servers,
    urls,
    async connect(limitMs = 100, ways = urls) {
      const nodes = new RedisNodes({ urls: ways, log: () => undefined, limitMs });
      connected.push(nodes);
      await Promise.all(nodes.all.map(({ client }) => client.ready()));
      return nodes;
    },
    signal(places, signal) {
      for (const place of places) process.kill(servers[place]?.pid ?? 0, signal);
    },
    restart(places) {
      for (const place of places) {
        const heir = execa("redis-server", ["--port", String(servers[place]?.port), "--save", ""], { reject: false });
        heirs.push({ kill: () => void heir.kill("SIGKILL"), gone: heir });
      }
    },
    async set(key, value) {
      for (const { client } of servers) await client.set(key, value);
    },
    async timesAsked(place) {
      const stats = (await servers[place]?.client.info("stats")) ?? "";
      return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
    },
    read(key, places) {
      return Promise.all(places.map((place) => servers[place]?.client.get(key) ?? Promise.resolve(null)));
    },
    async end() {
      for (const nodes of connected) nodes.close();
      for (const heir of heirs) heir.kill();
      await Promise.all([...heirs.map(({ gone }) => gone), ...servers.map((server) => server.stop())]);
    },
  };
}
