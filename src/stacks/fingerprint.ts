import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import type { Plan, StartPlan } from "../domain/plan.ts";
import { fill, type Variables } from "../domain/template.ts";
import { tapKeys } from "./tap-keys.ts";
import { planVariables } from "./variables.ts";

/** Equal for two plans exactly when a stack brought up for one serves the other. The port is looked at elsewhere. */
export function fingerprint(plan: Plan, lockbench: string): string {
  const { target, stack } = plan;
  // What a start does not mention (the seed, the stock, the folder) may differ, so only filled texts are compared.
  const known = planVariables(plan, lockbench);
  const parts = {
    start: target.start === null ? null : startParts(target.start, known),
    url: target.url,
    ready: [target.ready.path, target.ready.status],
    redis: [stack.redisNodes, stack.externalRedis],
    replicas: stack.replicas,
    lock: plan.lock,
    tap: stack.tap ? tapKeys(plan) : null,
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function startParts(start: StartPlan, known: Variables): unknown {
  const command = start.command.map((word) => fill(word, known));
  const env = Object.entries(start.env).map(([name, value]) => [name, fill(value, known)]);
  return { command, env: env.sort(), cwd: dependsOnFolder(command) ? start.cwd : null };
}

/** `node /opt/shop/main.js` is the same server wherever it is started; `npm start` and `node main.js` are not. */
function dependsOnFolder([program = "", ...args]: readonly string[]): boolean {
  const words = args.filter((word) => !word.startsWith("-"));
  const bare = !program.includes("/") || isAbsolute(program);
  return !bare || words.length === 0 || !words.every((word) => isAbsolute(word));
}
