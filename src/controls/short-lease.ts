import type { Control } from "./control.ts";
import { OnceGrantedAlwaysMine } from "./once-granted.ts";
import { slowParts } from "./slow-write.ts";

/** The lease is a tenth of the work, by the scenario, and nobody looks whether it still runs. */
export const shortLease: Control = {
  base: slowParts(100),
  broken: { purchase: (tools) => new OnceGrantedAlwaysMine(tools) },
};
