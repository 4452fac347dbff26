import { environmentError, messageOf } from "../domain/errors.ts";
import type { SeedPlan } from "../domain/plan.ts";
import { fill, fillAll, type Variables } from "../domain/template.ts";
import type { Seed } from "./seed.ts";
import { turns } from "./steps.ts";

const ANSWER_WITHIN_MS = 30_000;

/** Asks the shop to put itself into the known state. */
export function httpSeed(plan: Extract<SeedPlan, { kind: "http" }>): Seed {
  return {
    async apply(target, products) {
      for (const variables of turns([plan.path, plan.body], target.variables, products)) {
        await send(plan, target.server, variables);
      }
    },
  };
}

async function send(plan: Extract<SeedPlan, { kind: "http" }>, server: string, variables: Variables): Promise<void> {
  const url = server + fill(plan.path, variables);
  const body = fillAll(plan.body, variables);
  try {
    const response = await fetch(url, {
      method: plan.method,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === null ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(typeof body === "object" && body !== null ? { headers: { "content-type": "application/json" } } : {}),
    });
    if (response.status !== plan.status) {
      throw new Error(
        `expected status ${String(plan.status)}, found ${String(response.status)}: ${await response.text()}`,
      );
    }
  } catch (error) {
    throw environmentError("SEED_FAILED", `seeding: ${plan.method} ${url}: ${messageOf(error)}`, { cause: error });
  }
}
