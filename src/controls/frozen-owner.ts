import type { Control } from "./control.ts";
import { OnceGrantedAlwaysMine } from "./once-granted.ts";
import { slowParts } from "./slow-write.ts";

/** The lease is long enough until the scenario freezes its owner; he wakes up and writes what he was about to write. */
export const frozenOwner: Control = {
  base: slowParts(40),
  broken: { purchase: (tools) => new OnceGrantedAlwaysMine(tools) },
};
