import type { LoadPlan } from "../../../src/domain/plan.ts";
import type { LoadJob } from "../../../src/engines/engine.ts";

export type JobChanges = Partial<Omit<LoadJob, "load" | "servers">> & { readonly load?: Partial<LoadPlan> };

/** Ten buyers at once who each want one unit of product "1"; 201 means sold. */
export function jobFor(url: string | readonly string[], changes: JobChanges = {}): LoadJob {
  const { load, ...others } = changes;
  return {
    servers: typeof url === "string" ? [url] : url,
    purchase: {
      method: "POST",
      path: "/purchases",
      headers: {},
      body: { product: "${product}", quantity: "${quantity}", buyer: "${buyer}", key: "${key}" },
      items: { product: "${product}", quantity: "${quantity}" },
    },
    outcomes: [
      { outcome: "sold", status: [200, 201], body: {}, bodyMatches: null },
      { outcome: "sold_out", status: [409, 409], body: {}, bodyMatches: null },
    ],
    answer: {
      arrivedAt: null,
      grantedAt: null,
      remaining: null,
      fencingToken: null,
      breaker: null,
      breakerSince: null,
    },
    products: ["1"],
    run: "r",
    seed: 1,
    signal: new AbortController().signal,
    ...others,
    load: {
      buyers: 10,
      spawnRate: null,
      runTimeMs: null,
      timeoutMs: 5_000,
      buyersRepeat: false,
      retry: null,
      orders: [{ lines: [{ product: 0, quantity: 1 }] }],
      orderOf: [0],
      ...load,
    },
  };
}
