import type { ShopParts } from "../server/parts.ts";

/** One part of a shop, and no other. */
type OnePart = {
  readonly [Name in keyof ShopParts]: Pick<ShopParts, Name> &
    Readonly<Partial<Record<Exclude<keyof ShopParts, Name>, never>>>;
}[keyof ShopParts];

/** A shop that is broken on purpose, in one place. */
export interface Control {
  /** A shop without a flaw: what the broken part is built into. */
  readonly base: ShopParts;
  readonly broken: OnePart;
}

export function partsOf({ base, broken }: Control): ShopParts {
  return { ...base, ...broken };
}
