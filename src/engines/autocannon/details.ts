import { breakerCodeOf } from "../../domain/breaker-state.ts";
import { atPath } from "../../domain/dotted-path.ts";
import type { AnswerDetails } from "../../domain/history.ts";
import type { AnswerFields } from "../../domain/plan.ts";
import type { Answer } from "./answer.ts";

type Reading = (value: unknown) => number | undefined;

/**
 * Compiles the places of the details in an answer into one function that reads them.
 * @param originNs server stamps are nanoseconds on the machine's monotonic clock; they become relative to this
 */
export function compileDetails(fields: AnswerFields, originNs: bigint): (answer: Answer) => AnswerDetails | undefined {
  if (Object.values(fields).every((path) => path === null)) return () => undefined;
  const { arrivedAt, grantedAt, remaining, fencingToken, breaker, breakerSince } = fields;
  const stamp: Reading = (value) => readStamp(value, originNs);
  return ({ json }) => ({
    arrivedAt: at(json, arrivedAt, stamp),
    grantedAt: at(json, grantedAt, stamp),
    remaining: at(json, remaining, readNumber),
    fencingToken: at(json, fencingToken, readNumber),
    breaker: at(json, breaker, breakerCodeOf),
    breakerSince: at(json, breakerSince, stamp),
  });
}

function at(json: unknown, path: string | null, read: Reading): number | undefined {
  return path === null ? undefined : read(atPath(json, path));
}

/** A stamp may pass 2^53, where a double loses nanoseconds, so the subtraction is done in whole numbers. */
function readStamp(value: unknown, originNs: bigint): number | undefined {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return Number(BigInt(value) - originNs);
  return typeof value === "number" && Number.isFinite(value) ? value - Number(originNs) : undefined;
}

/** Shops that read from Redis often answer with numbers in quotes. */
function readNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
