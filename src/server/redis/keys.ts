/** Where the shop keeps things in Redis; docs/server.md describes each key. */
export function stockKey(product: string): string {
  return `stock:${product}`;
}

/** Sales taken from the stock and not yet known to be in the ledger: sale → "quantity key". */
export function pendingKey(product: string): string {
  return `pending:${product}`;
}

/** The lock of a product: the owner's token while it is held. */
export function lockKey(product: string): string {
  return `lock:stock:${product}`;
}

/** What a lock guards: the stock of its product. */
export function guardedKey(lock: string): string {
  return lock.slice("lock:".length);
}

/** Tokens that wait for a lock, first come first. */
export function queueKey(lock: string): string {
  return `queue:${lock}`;
}

/** The last fencing token given out for a lock. */
export function fenceKey(lock: string): string {
  return `fence:${lock}`;
}

/** The product that a lock guards. */
export function productOf(lock: string): string {
  return lock.slice("lock:stock:".length);
}

/** On each node of a quorum: which write of a product's stock the node has; see `StockRecord`. */
function versionKey(product: string): string {
  return `version:${product}`;
}

/** There for as long as a node may have forgotten whom it granted a lock: it grants none meanwhile. */
function quarantineKey(lock: string): string {
  return `quarantine:${lock}`;
}

/** What the scripts of a quorum know of a product, in their order. */
export function quorumKeys(product: string): readonly string[] {
  const lock = lockKey(product);
  return [lock, fenceKey(lock), stockKey(product), versionKey(product), quarantineKey(lock)];
}
