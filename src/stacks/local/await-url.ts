import { environmentError, usageError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import { pollUntil } from "../../host/poll.ts";
import { askHttp } from "../ask.ts";
import type { Runtime } from "../sessions/runtime.ts";
import { wordsFor } from "./await-ready.ts";

const POLL_MS = 50;
const ASK_WITHIN_MS = 1000;

/** Waits until a server that somebody else runs is ready. @returns its base URL without a trailing slash */
export async function awaitUrl(runtime: Runtime, plan: Plan, signal: AbortSignal): Promise<string> {
  const { url, ready } = plan.target;
  if (url === null)
    throw usageError(`target has neither start nor url: ${plan.scenario}`, "say how to start it, or where it runs");
  const base = url.replace(/\/+$/, "");
  let found = "nothing";
  const patience = { clock: runtime.clock, everyMs: POLL_MS, withinMs: ready.withinMs, signal };
  const isReady = await pollUntil(patience, async () => {
    const answer = await askHttp(`${base}${ready.path}`, ASK_WITHIN_MS);
    found = wordsFor(answer);
    return answer.kind === "http" && answer.status === ready.status ? true : undefined;
  });
  if (isReady === true) return base;
  const awaited = `GET ${base}${ready.path} with status ${String(ready.status)}`;
  throw environmentError(
    "SERVICE_NOT_READY",
    `server is not ready: awaited ${awaited} for ${(ready.withinMs / 1000).toFixed(1)} s, found ${found}`,
    {
      hint: "lockbench does not start a target that has a url: start it yourself, or give the target a start command",
    },
  );
}
