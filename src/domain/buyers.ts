import { wholeNumber } from "./whole-number.ts";

const PREFIX = "buyer-";

/**
 * How buyers and attempts are named in requests, and recognised again in the
 * rows that come back. A name is a number with a prefix, so that a history of
 * millions needs no strings.
 */
export function buyerName(buyer: number): string {
  return `${PREFIX}${String(buyer)}`;
}

/** The number of one of our buyers: from `buyer-17`, or from a bare `17`; -1 for anybody else. */
export function buyerNumber(name: string): number {
  return wholeNumber(name, name.startsWith(PREFIX) ? PREFIX.length : 0);
}

/** The idempotency key of an attempt; `run` keeps the keys of different runs apart. */
export function attemptKey(run: string, attempt: number): string {
  return `${run}-${String(attempt)}`;
}

/** The attempt behind a key of this run, or -1 for a key that this run did not send. */
export function attemptOfKey(run: string, key: string): number {
  return key.startsWith(run) && key[run.length] === "-" ? wholeNumber(key, run.length + 1) : -1;
}
