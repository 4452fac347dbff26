/** The lease of the lock ran out before the sale could be written. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** A later owner of the lock has already written. */
export class StaleToken extends Error {
  override readonly name = "StaleToken";
  readonly product: string;
  /** The token of the last sale that was committed. */
  readonly fence: number;

  constructor(product: string, fence: number) {
    super(`fencing token is older than ${String(fence)}, the last that was committed for ${product}`);
    this.product = product;
    this.fence = fence;
  }
}

/** Another sale has this idempotency key. */
export class KeyTaken extends Error {
  override readonly name = "KeyTaken";
}

/** A starting server took this one for dead and has given the units back. */
export class SaleVoided extends Error {
  override readonly name = "SaleVoided";
}

export type Refusal = LeaseLost | StaleToken | KeyTaken | SaleVoided;

export function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof LeaseLost ||
    error instanceof StaleToken ||
    error instanceof KeyTaken ||
    error instanceof SaleVoided
  );
}
