/**
 * What does the wire tap cost? Round trips of one connection and the commands of
 * many, directly and through the tap, in pairs. Goals: at most 60 µs more at p50,
 * and 60,000 commands a second with pipelining, while one in ten is recorded.
 *
 * usage: node tap.js [pairs]
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { connectTap } from "../src/tap/client.ts";
import type { TapOptions } from "../src/tap/protocol.ts";
import { judgement, median, spread } from "./statistics.ts";

const GOAL_US = 60;
const GOAL_RATE = 60_000;
const ROUND_TRIPS = 3000;
const WARM_UP = 1000;
const POLL_MS = 20;
/** Of the hundred keys that redis-benchmark uses below, the first ten begin with this. */
const RECORDED = "key:00000000000";
const COMMANDS = {
  PING: "*1\r\n$4\r\nPING\r\n",
  SET: `*3\r\n$3\r\nSET\r\n$16\r\n${RECORDED}0\r\n$1\r\n1\r\n`,
} as const;
type Name = keyof typeof COMMANDS;

const pairs = Number(process.argv[2] ?? "7");
const folder = await mkdtemp(join(tmpdir(), "lockbench-bench-"));
const [node, listen, control] = [await freePort(), await freePort(), await freePort()];
const redis = execa("redis-server", ["--port", String(node), "--bind", "127.0.0.1", "--save", ""], { reject: false });
const options: TapOptions = {
  links: [{ server: 0, node: 0, listen, to: node }],
  control,
  log: join(folder, "wire.ndjson"),
  keys: [RECORDED],
};
const tap = execa(process.execPath, [here("../src/tap/main.js"), JSON.stringify(options)], { reject: false });
try {
  await once(tap.stdout, "data");
  await answering(node);
  for (const name of ["PING", "SET"] as const) await compareRoundTrips(name);
  await compareRates();
} finally {
  for (const started of [tap, redis]) started.kill();
  await Promise.all([tap, redis]);
  await rm(folder, { recursive: true, force: true });
}

async function compareRoundTrips(name: Name): Promise<void> {
  const direct: number[] = [];
  const tapped: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const port of inTurn(pair)) (port === node ? direct : tapped).push(await roundTrip(port, COMMANDS[name]));
  }
  const more = tapped.map((us, pair) => us - (direct[pair] ?? Number.NaN));
  print(`${name} direct        p50 ${spread(direct, "µs")}`);
  print(`${name} through tap   p50 ${spread(tapped, "µs")}`);
  print(judgement(`${name}, p50 through the tap − direct, µs`, median(more), "<=", GOAL_US));
}

/** p50 of round trips on one connection, in µs. */
async function roundTrip(port: number, command: string): Promise<number> {
  const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  const stamps = await new Promise<number[]>((resolve, reject) => {
    socket.once("error", reject);
    pingPong(socket, command, resolve);
  });
  socket.destroy();
  return median(stamps.slice(WARM_UP)) / 1e3;
}

function pingPong(socket: Socket, command: string, done: (ns: number[]) => void): void {
  const took: number[] = [];
  let sent = process.hrtime.bigint();
  socket.on("data", () => {
    took.push(Number(process.hrtime.bigint() - sent));
    if (took.length === WARM_UP + ROUND_TRIPS) {
      done(took);
      return;
    }
    sent = process.hrtime.bigint();
    socket.write(command);
  });
  socket.write(command);
}

async function compareRates(): Promise<void> {
  const direct: number[] = [];
  const tapped: number[] = [];
  const client = await connectTap(control);
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const port of inTurn(pair)) (port === node ? direct : tapped).push(await rate(port));
    await client.begin();
  }
  client.close();
  print(`redis-benchmark -P 16 direct       ${spread(direct, "commands/s")}`);
  print(`redis-benchmark -P 16 through tap  ${spread(tapped, "commands/s")}`);
  const ratios = tapped.map((value, pair) => value / (direct[pair] ?? Number.NaN));
  print(`ratio of a pair                    ${spread(ratios, "")}`);
  print(judgement("commands/s through the tap", median(tapped), ">=", GOAL_RATE));
}

/** The slower of SET and GET, over fifty connections. */
async function rate(port: number): Promise<number> {
  const args = ["-p", String(port), "-t", "set,get", "-n", "100000", "-P", "16", "-r", "100", "--csv"];
  const { stdout } = await execa("redis-benchmark", args);
  const rates = [...stdout.matchAll(/^"[SG]ET","([\d.]+)"/gm)].map(([, text]) => Number(text));
  if (rates.length !== 2) throw new Error(`redis-benchmark: expected rates of SET and GET, found ${stdout}`);
  return Math.min(...rates);
}

/** Who goes first changes from pair to pair, so that a machine that slows down favours neither. */
function inTurn(pair: number): readonly number[] {
  return pair % 2 === 0 ? [node, listen] : [listen, node];
}

async function answering(port: number): Promise<void> {
  for (;;) {
    const { failed } = await execa("redis-cli", ["-p", String(port), "ping"], { reject: false });
    if (!failed) return;
    await sleep(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function here(file: string): string {
  return join(import.meta.dirname, file);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
