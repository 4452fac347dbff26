import type { History } from "./history.ts";

const NONE = -1;
const SEVERAL = -2;

/**
 * Which attempt each buyer made, for shops whose rows carry no key.
 * @returns a function from a buyer's number to the attempt, or -1 where the buyer made none or more than one
 */
export function attemptByBuyer(history: History): (buyer: number) => number {
  const attempts = new Int32Array(history.buyers).fill(NONE);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const buyer = history.buyer(attempt);
    attempts[buyer] = attempts[buyer] === NONE ? attempt : SEVERAL;
  }
  return (buyer) => Math.max(NONE, attempts[buyer] ?? NONE);
}
