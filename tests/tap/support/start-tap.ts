import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Redis } from "ioredis";
import type { WireCommand } from "../../../src/domain/wire.ts";
import { connectTap, type TapClient } from "../../../src/tap/client.ts";
import type { TapOptions } from "../../../src/tap/protocol.ts";
import { freePort } from "../../support/free-port.ts";

const main = join(import.meta.dirname, "../../../dist/tap/main.js");

export interface TestTap {
  readonly client: TapClient;
  /** The port of server 0 to each node, in their order; those of server 1 follow. */
  readonly ports: readonly number[];
  readonly options: TapOptions;
  readonly process: ReturnType<typeof runTap>;
  /** What was recorded, on the clock of the tap. */
  commands(): Promise<readonly WireCommand[]>;
  /** A client of the first port. */
  through(protocol?: 2 | 3): Redis;
  /** Disconnects a client when the tap is stopped. */
  keep(client: Redis): Redis;
  stop(): Promise<void>;
}

/** The real process of the tap, between so many servers and the nodes on these ports. */
export async function startTap(nodes: readonly number[], servers = 1): Promise<TestTap> {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-tap-"));
  const options = await optionsFor(folder, nodes, servers);
  const process = runTap(options);
  await once(process.stdout, "data");
  const client = await connectTap(options.control);
  const clients: Redis[] = [];
  const keep = (one: Redis): Redis => {
    one.on("error", () => undefined);
    clients.push(one);
    return one;
  };
  return {
    keep,
    through: (protocol = 2) => keep(new Redis({ host: "127.0.0.1", port: options.links[0]?.listen ?? 0, protocol })),
    client,
    ports: options.links.map(({ listen }) => listen),
    options,
    process,
    commands: async () => (await client.read(0n)).commands,
    async stop() {
      for (const one of clients) one.disconnect();
      client.close();
      process.kill("SIGKILL");
      await process;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function runTap(options: TapOptions) {
  return execa("node", [main, JSON.stringify(options)], { reject: false, stdin: "ignore" });
}

export async function optionsFor(folder: string, nodes: readonly number[], servers: number): Promise<TapOptions> {
  const links = [];
  for (let server = 0; server < servers; server += 1) {
    for (const [node, to] of nodes.entries()) links.push({ server, node, listen: await freePort(), to });
  }
  return { links, control: await freePort(), log: join(folder, "wire.ndjson"), keys: ["lock:", "stock:"] };
}

/** The words and the reply of each command, which no clock can change. */
export function gist(commands: readonly WireCommand[]): unknown[] {
  return commands.map(({ words, reply }) => [...words, reply]);
}

/** Types lines as a person would, and waits until the answers end with a text. */
export async function typed(port: number, lines: readonly string[], end: string): Promise<string> {
  const socket = createConnection({ host: "127.0.0.1", port });
  socket.write(`${lines.join("\r\n")}\n`);
  let answers = "";
  for await (const chunk of socket) {
    answers += String(chunk);
    if (answers.endsWith(end)) break;
  }
  socket.destroy();
  return answers;
}
