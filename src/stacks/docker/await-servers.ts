import { environmentError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import { pollUntil } from "../../host/poll.ts";
import { askHttp } from "../ask.ts";
import type { Runtime } from "../sessions/runtime.ts";

const POLL_MS = 20;
const ASK_WITHIN_MS = 1000;

/**
 * A container's own health check asks from inside; the buyers come from
 * outside, through the published port, so that is asked too.
 */
export async function awaitServers(
  runtime: Runtime,
  plan: Plan,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(urls.map((url) => awaitServer(runtime, plan, url, signal)));
}

async function awaitServer(runtime: Runtime, plan: Plan, url: string, signal: AbortSignal): Promise<void> {
  const { path, status, withinMs } = plan.target.ready;
  let found = "nothing";
  const patience = { clock: runtime.clock, everyMs: POLL_MS, withinMs, signal };
  const isReady = await pollUntil(patience, async () => {
    const answer = await askHttp(`${url}${path}`, ASK_WITHIN_MS);
    found = answer.kind === "http" ? `status ${String(answer.status)} ${answer.body}` : answer.why;
    return answer.kind === "http" && answer.status === status ? true : undefined;
  });
  if (isReady === true) return;
  throw environmentError(
    "SERVICE_NOT_READY",
    `app did not become ready: awaited GET ${url}${path} with status ${String(status)} for ${(withinMs / 1000).toFixed(1)} s, found ${found}`,
    { hint: "check ready.path and ready.status of the target, or give it longer with ready.within" },
  );
}
