import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runScenario, type Sample } from "./run-scenario.ts";
import { judgement, median, spread } from "./statistics.ts";

const ROUNDS = 9;
const target = resolve("scenarios/shop.target.yaml");

/**
 * Each round runs them one after the other, so that a slow minute of the machine
 * hits all alike. Rehearsals are as long as in the scenarios of these locks.
 */
const CASES = {
  manual: { lock: "redlock-manual", rehearsal: 500, tap: true, frozen: false },
  library: { lock: "redlock-library", rehearsal: 1000, tap: true, frozen: false },
  healthy: { lock: "redlock-manual", rehearsal: 500, tap: false, frozen: false },
  frozen: { lock: "redlock-manual", rehearsal: 500, tap: false, frozen: true },
} as const;
type CaseName = keyof typeof CASES;
const NAMES = Object.keys(CASES) as CaseName[];

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-bench-"));
  try {
    for (const name of NAMES) await writeScenario(folder, name);
    report(await measure(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** 300 buyers for 100 units, two processes, five nodes; two of them are frozen before the first buyer comes. */
async function writeScenario(folder: string, name: CaseName): Promise<void> {
  const { lock, rehearsal, tap, frozen } = CASES[name];
  const lines = [
    "title: Bench",
    `stack: { redis: 5, replicas: 2, tap: ${String(tap)} }`,
    `target: { from: ${target}, start: { env: { LOCK_TTL_MS: 2000, REHEARSAL: ${String(rehearsal)} } } }`,
    `lock: ${lock}`,
    'products: [{ id: "1", stock: 100 }]',
    "load: { buyers: 300, timeout: 20s }",
    ...(frozen ? ["faults: [{ freeze: { nodes: [redis3, redis4] }, at: 1ms }]"] : []),
  ];
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "scenario.yaml"), `${lines.join("\n")}\n`);
}

async function measure(folder: string): Promise<Record<CaseName, Sample[]>> {
  const samples: Record<CaseName, Sample[]> = { manual: [], library: [], healthy: [], frozen: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of NAMES) samples[name].push(await runScenario([`./${name}`], folder));
  }
  return samples;
}

function report(samples: Record<CaseName, Sample[]>): void {
  const sales = (name: CaseName): number[] => samples[name].map(({ salesPerSecond }) => salesPerSecond);
  const avg = (name: CaseName): number => median(samples[name].map(({ avgMs }) => avgMs));
  const rate = (name: CaseName): number => median(sales(name));
  const lines = [
    ...NAMES.map((name) => `${name}: ${spread(sales(name), "purchases/s")}, avg ${avg(name).toPrecision(3)} ms`),
    judgement("manual ÷ library, purchases/s", rate("manual") / rate("library"), ">=", 1.5),
    judgement("two of five frozen ÷ healthy, purchases/s", rate("frozen") / rate("healthy"), ">=", 0.7),
    judgement("avg of manual in ms", avg("manual"), "<=", 250),
    judgement("avg of library in ms", avg("library"), "<=", 200),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

await main();
