import { BadRequest } from "../server/http/bad-request.ts";
import { soundParts } from "../server/parts.ts";
import type { Control } from "./control.ts";

/** The rate limit takes all buyers for one client, and lets nobody through. */
export const throttled: Control = {
  base: soundParts,
  broken: {
    purchase: () => ({
      buy: () => Promise.reject(new BadRequest(429, "too many requests", { "retry-after": "1" })),
    }),
  },
};
