/** Redis or the database did not do its part: the buyer may come back, nothing was sold. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/** It is the database that did not do its part: that says nothing about Redis. */
export class LedgerUnavailable extends Unavailable {}

/** @returns the error itself when it already says that something is unavailable */
export function asUnavailable(part: string, error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  return new Unavailable(`${part}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
