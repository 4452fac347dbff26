import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import type { Proof } from "../../src/domain/proof.ts";
import { temporaryFolder } from "../support/folders.ts";
import { CONTROLS, PACKAGE, writeMislabelled, writeWithoutFlaw } from "./support/scenarios.ts";

interface Proven {
  readonly exitCode: number | undefined;
  readonly lastLine: string | undefined;
  readonly proofs: readonly Proof[];
}

/** Runs the real binary over all scenarios in a folder. */
async function prove(folder: string): Promise<Proven> {
  const args = [join(PACKAGE, "bin/lockbench.js"), "prove", "--json", "./control_*"];
  const { exitCode, stdout, stderr } = await execa("node", args, { cwd: folder, reject: false });
  return { exitCode, lastLine: stderr.trimEnd().split("\n").at(-1), proofs: JSON.parse(stdout) as Proof[] };
}

it("does not take a sound shop for a broken one", async () => {
  const folder = temporaryFolder();
  await writeMislabelled("v1_stress", folder);
  const { exitCode, lastLine, proofs } = await prove(folder);
  expect(exitCode).toBe(1);
  expect(proofs.flatMap(({ shortcomings }) => shortcomings)).toContain("expected oversold to say fail, found pass");
  expect(lastLine).toMatch(/^exit 1: not proven: 0 of 1 .* control_v1_stress$/);
});

it("catches the flaws, and not the slowness, the short waits and the declined cards around them", async () => {
  const folder = temporaryFolder();
  for (const name of CONTROLS) await writeWithoutFlaw(name, folder);
  const { exitCode, proofs } = await prove(folder);
  expect(exitCode).toBe(1);
  expect(proofs.map(({ scenario }) => scenario).sort()).toEqual([...CONTROLS].sort());
  expect(proofs.filter(({ shortcomings }) => shortcomings.length === 0).map(({ scenario }) => scenario)).toEqual([]);
  expect(proofs.flatMap(violations)).toEqual([]);
}, 240_000);

/** A shop without a flaw may turn buyers away, but violates nothing that its control says is violated. */
function violations({ scenario, control, record }: Proof): string[] {
  const named = record.checks.filter(({ name, verdict }) => name === control?.check && verdict === "fail");
  return named.map(({ name, detail }) => `${scenario}: ${name}: ${detail}`);
}
