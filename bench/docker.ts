import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Dockerode from "dockerode";
import { execa } from "execa";
import { judgement, median, spread } from "./statistics.ts";

const ROUNDS = 7;
const POLL_MS = 25;
const root = resolve(".");
const binary = join(root, "bin/lockbench.js");
const docker = new Dockerode();

const TOPOLOGIES = [
  { file: "single.yml", nodes: 1 },
  { file: "redlock.yml", nodes: 5 },
] as const;
type Topology = (typeof TOPOLOGIES)[number];

interface Contestant {
  readonly name: "lockbench" | "docker-compose";
  up(topology: Topology): Promise<unknown>;
  down(topology: Topology): Promise<unknown>;
}

async function main(): Promise<void> {
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    process.stdout.write(`skipped: ${missing}\n`);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "lockbench-bench-"));
  try {
    const contestants = [lockbenchIn(folder), compose()];
    for (const topology of TOPOLOGIES) report(topology, await measure(topology, contestants));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function whatIsMissing(): Promise<string | undefined> {
  const engineAnswers = await docker.ping().then(
    () => true,
    () => false,
  );
  if (!engineAnswers) return "no Docker engine answers";
  const { failed } = await execa("docker-compose", ["version"], { reject: false });
  return failed ? "no docker-compose on PATH to compare with" : undefined;
}

/** From its own start to its exit, when every service is healthy and the shop answers. */
function lockbenchIn(folder: string): Contestant {
  const lockbench = (...args: string[]): Promise<unknown> =>
    execa(process.execPath, [binary, ...args], {
      cwd: folder,
      env: { LOCKBENCH_STACK: "docker", LOCKBENCH_RUNTIME_DIR: join(folder, "sessions") },
    });
  return {
    name: "lockbench",
    async up({ nodes }) {
      await lockbench("up", `./${await scenarioIn(folder, nodes)}`);
    },
    down: () => lockbench("down"),
  };
}

async function scenarioIn(folder: string, nodes: number): Promise<string> {
  const name = `with-${String(nodes)}-redis`;
  await mkdir(join(folder, "sessions"), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, name), { recursive: true });
  const stack = `stack: { redis: ${String(nodes)} }`;
  const target = `target: ${join(root, "scenarios/shop.target.yaml")}`;
  const lock = `lock: ${nodes === 1 ? "fifo" : "redlock-manual"}`;
  const rest = 'products: [{ id: "1", stock: 10 }]\nload: { buyers: 10 }\n';
  await writeFile(join(folder, name, "scenario.yaml"), `title: Bench\n${stack}\n${target}\n${lock}\n${rest}`);
  return name;
}

/** `docker-compose up -d`, and then as long as it takes until every service is healthy. */
function compose(): Contestant {
  const project = `lockbench-bench-${String(process.pid)}`;
  const run = (file: string, ...args: string[]): Promise<unknown> =>
    execa("docker-compose", ["-p", project, "-f", join(root, "compose", file), ...args], {
      env: { LOCKBENCH_VERSION: "bench" },
    });
  return {
    name: "docker-compose",
    async up({ file, nodes }) {
      await run(file, "up", "-d");
      while ((await healthyOf(project)) < nodes + 1) await sleep(POLL_MS);
    },
    down: ({ file }) => run(file, "down", "--volumes"),
  };
}

async function healthyOf(project: string): Promise<number> {
  const filters = { label: [`com.docker.compose.project=${project}`], health: ["healthy"] };
  return (await docker.listContainers({ filters })).length;
}

/** The first round of each is not counted: it may have to build the image. */
async function measure(topology: Topology, contestants: readonly Contestant[]): Promise<Map<string, number[]>> {
  const samples = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const contestant of contestants) {
      const seconds = await timeOf(contestant, topology);
      if (round > 0) samples.get(contestant.name)?.push(seconds);
    }
  }
  return samples;
}

async function timeOf(contestant: Contestant, topology: Topology): Promise<number> {
  try {
    const began = process.hrtime.bigint();
    await contestant.up(topology);
    return Number(process.hrtime.bigint() - began) / 1e9;
  } finally {
    await contestant.down(topology);
  }
}

function report({ file }: Topology, samples: ReadonlyMap<string, number[]>): void {
  const seconds = (name: Contestant["name"]): number[] => samples.get(name) ?? [];
  for (const [name, values] of samples) process.stdout.write(`${name} up, ${file}: ${spread(values, "s")}\n`);
  const ratio = median(seconds("lockbench")) / median(seconds("docker-compose"));
  process.stdout.write(`${judgement(`up of ${file}, lockbench ÷ docker-compose`, ratio, "<=", 1.2)}\n`);
}

await main();
