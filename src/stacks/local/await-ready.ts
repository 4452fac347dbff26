import type { Clock } from "../../host/clock.ts";
import { pollUntil } from "../../host/poll.ts";
import type { HttpAnswer, RedisAnswer, Silent } from "../ask.ts";
import { failedStart } from "./failure.ts";
import type { Launched } from "./launch.ts";

export interface Readiness {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  /** In words, for the error. */
  readonly awaited: string;
  readonly ask: (withinMs: number) => Promise<HttpAnswer | RedisAnswer | Silent>;
  readonly isReady: (answer: HttpAnswer | RedisAnswer) => boolean;
}

const POLL_MS = 3;
/** One question that hangs must not use up the whole time. */
const ASK_WITHIN_MS = 1000;

/**
 * Waits until a service answers as it should.
 * @throws LockbenchError (exit 5) when it dies before, or the time is up
 */
export async function awaitReady(launched: Launched, readiness: Readiness): Promise<void> {
  const { clock, withinMs, awaited } = readiness;
  const started = clock.now();
  const attempt = { found: "nothing" };
  const verdict = await pollUntil({ ...readiness, everyMs: POLL_MS }, () => look(launched, readiness, attempt));
  if (verdict === "ready") return;
  const died = verdict === "died";
  const found = died ? (launched.ended() ?? "its end") : attempt.found;
  const waitedMs = died ? clock.now() - started : withinMs;
  throw failedStart({ service: launched.service, awaited, waitedMs, found, died });
}

async function look(
  launched: Launched,
  readiness: Readiness,
  attempt: { found: string },
): Promise<"ready" | "died" | undefined> {
  const answer = await readiness.ask(Math.min(ASK_WITHIN_MS, readiness.withinMs));
  // Asked after the answer: a server that has died cannot be ready, whoever answered on its port.
  if (launched.ended() !== undefined) return "died";
  attempt.found = wordsFor(answer);
  return answer.kind !== "silent" && readiness.isReady(answer) ? "ready" : undefined;
}

export function wordsFor(answer: HttpAnswer | RedisAnswer | Silent): string {
  if (answer.kind === "silent") return answer.why;
  if (answer.kind === "redis") return `the answer of another Redis (pid ${String(answer.pid)})`;
  return `status ${String(answer.status)}${answer.body === "" ? "" : ` ${answer.body}`}`;
}
