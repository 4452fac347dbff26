import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScenario, type Sample } from "./run-scenario.ts";
import { judgement, median, spread } from "./statistics.ts";

const ROUNDS = 7;

/** What is timed, in each round one after the other, so that a slow minute of the machine hits all alike. */
const CASES = {
  fifo: ["v1_stress", "--lock", "fifo"],
  spin: ["v1_stress", "--lock", "spin"],
  large: ["v1_stress", "--lock", "fifo", "--users", "3000", "--stock", "1000"],
  alone: ["v1_stress", "--lock", "fifo", "--users", "1", "--stock", "100000", "--run-time", "1s"],
} as const;
type CaseName = keyof typeof CASES;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-bench-"));
  try {
    report(await measure(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string): Promise<Record<CaseName, Sample[]>> {
  const samples: Record<CaseName, Sample[]> = { fifo: [], spin: [], large: [], alone: [] };
  const names = Object.keys(CASES) as CaseName[];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) samples[name].push(await runScenario(CASES[name], folder));
  }
  return samples;
}

function report(samples: Record<CaseName, Sample[]>): void {
  const seconds = samples.fifo.map((sample) => sample.seconds);
  const tps = (name: CaseName): number[] => samples[name].map((sample) => sample.tps);
  const rate = (name: CaseName): number => median(tps(name));
  const lines = [
    `run v1_stress, start to exit: ${spread(seconds, "s")}`,
    ...(Object.keys(CASES) as CaseName[]).map((name) => `${name}: ${spread(tps(name), "attempts/s")}`),
    judgement("v1_stress in seconds", median(seconds), "<=", 2),
    judgement("fifo ÷ one buyer at a time", rate("fifo") / rate("alone"), ">=", 0.5),
    judgement("fifo ÷ spin", rate("fifo") / rate("spin"), ">=", 2),
    judgement("cost per attempt, 3000/1000 ÷ 300/100", rate("fifo") / rate("large"), "<=", 1.3),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

await main();
