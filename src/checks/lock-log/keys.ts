import type { Plan } from "../../domain/plan.ts";

/** Which product a key is the lock of, and which product a key is guarded for. */
export interface KeyMap {
  readonly locks: ReadonlyMap<string, number>;
  readonly guarded: ReadonlyMap<string, number>;
  /** The key of each product's lock. */
  readonly lockOf: ReadonlyMap<number, string>;
  /** What is the same in every lock's key. */
  readonly lockParts: readonly string[];
}

export function keyMap({ target, products }: Plan): KeyMap {
  const named = (pattern: string | null | undefined): Map<string, number> =>
    new Map(
      pattern === null || pattern === undefined
        ? []
        : products.map(({ id }, product) => [pattern.replaceAll("${product}", id), product]),
    );
  const lockParts = (target.lockKeys?.lock ?? "").split("${product}").filter((part) => part.length > 1);
  const locks = named(target.lockKeys?.lock);
  const lockOf = new Map([...locks].map(([key, product]) => [product, key]));
  return { locks, guarded: named(target.lockKeys?.guarded), lockOf, lockParts };
}
