import { join } from "node:path";
import { execa } from "execa";

/** What is measured. Each has a process of its own, so that one's memory and warm code do not flatter the next. */
const BENCHES = [
  { name: "checks", measures: "history, checks and metrics over 10^4 to 10^6 attempts" },
  { name: "load", measures: "recorded load against bare autocannon, and against locust where it is installed" },
  { name: "whole-run", measures: "lockbench run v1_stress from start to exit, and the locks against each other" },
  { name: "redlock", measures: "redlock-manual against redlock-library, and with two of five nodes frozen" },
  { name: "tap", measures: "what the wire tap adds to a round trip, and how many commands it passes on" },
  { name: "baskets", measures: "baskets of v2_multiproduct, and ten products against all buyers on one" },
  { name: "docker", measures: "lockbench up against docker-compose up, on the same Compose files" },
] as const;

/** Runs the named benches, or all: `npm run bench -- checks load`. */
async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    const choices = BENCHES.map(({ name }) => name).join(", ");
    process.stderr.write(`no such bench: ${unknown.join(", ")}, expected one of ${choices}\n`);
    return 2;
  }
  let worst = 0;
  for (const { name, measures } of BENCHES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`\n== ${name}: ${measures}\n`);
    worst = Math.max(worst, await runBench(name));
  }
  return worst;
}

async function runBench(name: string): Promise<number> {
  const script = join(import.meta.dirname, `${name}.js`);
  const result = await execa(process.execPath, ["--expose-gc", script], { stdio: "inherit", reject: false });
  if (result.exitCode !== 0) process.stderr.write(`bench ${name}: exit code ${String(result.exitCode)}\n`);
  return result.exitCode ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
