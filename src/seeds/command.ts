import { execa } from "execa";
import { environmentError, messageOf } from "../domain/errors.ts";
import type { SeedPlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import type { Seed } from "./seed.ts";
import { turns } from "./steps.ts";

/** Runs a program that puts the shop into the known state; it fails the run if it exits with anything but 0. */
export function commandSeed(plan: Extract<SeedPlan, { kind: "command" }>, folder: string): Seed {
  return {
    async apply(target, products) {
      for (const variables of turns(plan.command, target.variables, products)) {
        const [program = "", ...args] = plan.command.map((word) => fill(word, variables));
        try {
          await execa(program, args, { cwd: folder, timeout: plan.withinMs, stdin: "ignore", all: true });
        } catch (error) {
          throw environmentError("SEED_FAILED", `seeding: ${messageOf(error)}`, { cause: error });
        }
      }
    },
  };
}
