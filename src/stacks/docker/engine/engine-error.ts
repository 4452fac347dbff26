import { environmentError, type LockbenchError, messageOf } from "../../../domain/errors.ts";

/** What dockerode throws when the engine refuses. */
interface Refusal extends Error {
  readonly statusCode?: number;
  readonly json?: unknown;
}

/** HTTP status of the engine's answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as Refusal).statusCode : undefined;
}

/** The engine's own words, without the client's wrapping. */
export function saidBy(error: unknown): string {
  const answer = error instanceof Error ? (error as Refusal).json : undefined;
  if (typeof answer === "object" && answer !== null && "message" in answer && typeof answer.message === "string")
    return answer.message.trim();
  const words = messageOf(error)
    .replace(/^\(HTTP code \d+\) [^-]*- /, "")
    .trim();
  return words === "" ? `status ${String(statusOf(error) ?? "unknown")}, without a word` : words;
}

/** An answer that nobody expected: what was wanted, and the engine's own words. */
export function engineError(event: string, error: unknown, hint?: string): LockbenchError {
  return environmentError("ENGINE_REFUSED", `${event}: the Docker engine says: ${saidBy(error)}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

const GONE = 404;
const ALREADY_SO = 304;

/**
 * Does something to an object that somebody else may be stopping or removing at this moment.
 * @returns undefined when it is gone, or was that way already
 */
export async function unlessGone<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    const status = statusOf(error);
    if (status === GONE || status === ALREADY_SO) return undefined;
    throw error;
  }
}
