import type { HttpAnswer } from "../http/answer.ts";
import type { Breaker } from "./breaker.ts";

/**
 * Says in an answer to a purchase in which state the breaker was: where a lock
 * was granted at the moment of the grant, otherwise now. An earlier sale that
 * is told again says nothing: nobody asked the quorum this time.
 * @param arrivedAtNs of the request
 */
export function tellBreaker(answer: HttpAnswer, arrivedAtNs: bigint, breaker: Breaker): HttpAnswer {
  if (typeof answer.body === "string") return answer;
  const { outcome, arrivedAtNs: saidArrived, grantedAtNs } = answer.body;
  if (outcome === "sold" && saidArrived !== String(arrivedAtNs)) return answer;
  const { state, sinceNs } = typeof grantedAtNs === "string" ? breaker.at(BigInt(grantedAtNs)) : breaker.reading;
  const refused = state !== "closed" && answer.status === 503;
  return {
    status: answer.status,
    headers: refused ? { ...answer.headers, "retry-after": String(breaker.retryAfterS) } : (answer.headers ?? {}),
    body: { ...answer.body, breaker: state, breakerSinceNs: String(sinceNs) },
  };
}
