/**
 * Is a recorded load nearly as fast as bare autocannon? Alternating pairs on the
 * same trivial server, each measurement in a process of its own; medians and the
 * spread of the pairs' ratios. Goal: 0.85. With `locust` on PATH: at least 10 times its rate.
 *
 * usage: node load.js [pairs] [connections] [milliseconds]
 */
import { execa } from "execa";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judgement, median, spread } from "./statistics.ts";

const GOAL = 0.85;
const LOCUST_GOAL = 10;
/** What locust's users usually are, and what they can be. */
const LOCUST_USERS = ["HttpUser", "FastHttpUser"] as const;
const locustFile = (user: string): string => `
from locust import ${user}, task

class Buyer(${user}):
    @task
    def buy(self):
        self.client.post("/purchases", json={"product": "1", "quantity": 1, "buyer": "buyer-1", "key": "bench-1"})
`;

const [, , pairs = "7", connections = "100", ms = "2000"] = process.argv;

const server = execa(process.execPath, [here("trivial-server.js")], { stdin: "pipe", buffer: false, reject: false });
try {
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  await compare(`http://127.0.0.1:${port.toString().trim()}`);
} finally {
  server.stdin.end();
  await server;
}

async function compare(url: string): Promise<void> {
  const bare: number[] = [];
  const recorded: number[] = [];
  for (let pair = 0; pair < Number(pairs); pair += 1) {
    // Who goes first changes from pair to pair, so that a machine that slows down favours neither.
    const order = pair % 2 === 0 ? (["bare", "recorded"] as const) : (["recorded", "bare"] as const);
    for (const mode of order) (mode === "bare" ? bare : recorded).push(await sample(mode, url));
  }
  const ratios = bare.map((rate, pair) => (recorded[pair] ?? Number.NaN) / rate);
  print(`bare autocannon  ${spread(bare, "attempts/s")}`);
  print(`recorded load    ${spread(recorded, "attempts/s")}`);
  print(`ratio of a pair  ${spread(ratios, "")}`);
  print(judgement("recorded load / bare autocannon", median(ratios), ">=", GOAL));
  for (const user of LOCUST_USERS) await compareWithLocust(user, url, median(recorded));
}

async function sample(mode: "bare" | "recorded", url: string): Promise<number> {
  const { stdout } = await execa(process.execPath, [here("load-sample.js"), mode, url, connections, ms]);
  return Number(stdout);
}

async function compareWithLocust(user: string, url: string, recorded: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-bench-"));
  try {
    await writeFile(join(folder, "locustfile.py"), locustFile(user));
    const options = [
      "--headless",
      "--users",
      connections,
      "--spawn-rate",
      connections,
      "--run-time",
      "10s",
      "--csv",
      "locust",
    ];
    // Debian's locust is too old for --json.
    const locust = await execa("locust", [...options, "--only-summary", "--host", url], { cwd: folder, reject: false });
    if (locust.code === "ENOENT") print("locust           not on PATH, not measured");
    else if (locust.failed) throw new Error("locust failed", { cause: locust });
    else reportLocust(user, await readFile(join(folder, "locust_stats.csv"), "utf8"), recorded);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first row of the statistics is that of the one request there is; none of its fields holds a comma. */
function reportLocust(user: string, csv: string, recorded: number): void {
  const [head = "", row = ""] = csv.split(/\r?\n/);
  const rate = Number(row.split(",")[head.split(",").indexOf("Requests/s")]);
  if (!(rate > 0)) throw new Error(`locust reported no requests: ${csv}`);
  print(`locust, ${user.padEnd(14)} ${rate.toPrecision(3)} requests/s`);
  print(judgement(`recorded load / locust, ${user}`, recorded / rate, ">=", LOCUST_GOAL));
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
