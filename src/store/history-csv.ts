import type { History } from "../domain/history.ts";

/** The columns of lockbench 0.1, whose evidence is still read: all attempts count as sent to the first server. */
export const FIRST_ATTEMPT_COLUMNS =
  "attempt,buyer,order,sent_ns,ended_ns,status,outcome,arrived_ns,granted_ns,remaining,fencing_token";
export const ATTEMPT_COLUMNS = `${FIRST_ATTEMPT_COLUMNS},server,breaker,breaker_since_ns`;

const LINES_PER_CHUNK = 4096;

/** A history as CSV with a header line, in chunks; what is not known is an empty field. Stamps are ns since its origin. */
export function* historyCsv(history: History): Generator<string> {
  yield `${ATTEMPT_COLUMNS}\n`;
  for (let from = 0; from < history.length; from += LINES_PER_CHUNK) {
    const to = Math.min(history.length, from + LINES_PER_CHUNK);
    let chunk = "";
    for (let attempt = from; attempt < to; attempt += 1) chunk += line(history, attempt);
    yield chunk;
  }
}

function line(history: History, attempt: number): string {
  const sent = `${String(attempt)},${String(history.buyer(attempt))},${String(history.order(attempt))}`;
  const times = `${field(history.sentAt(attempt))},${field(history.endedAt(attempt))}`;
  const answer = `${String(history.status(attempt))},${history.outcome(attempt)}`;
  const stamps = `${field(history.arrivedAt(attempt))},${field(history.grantedAt(attempt))}`;
  const details = `${field(history.remaining(attempt))},${field(history.fencingToken(attempt))}`;
  const breaker = `${field(history.breaker(attempt))},${field(history.breakerSince(attempt))}`;
  return `${sent},${times},${answer},${stamps},${details},${String(history.server(attempt))},${breaker}\n`;
}

function field(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}
