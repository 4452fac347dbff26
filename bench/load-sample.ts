/** One measurement in a process of its own: `load-sample.js bare|recorded <url> <connections> <ms>` prints attempts per second. */
import { createRequire } from "node:module";
import { autocannonEngine } from "../src/engines/autocannon.ts";

interface BareResult {
  readonly requests: { readonly total: number };
  readonly duration: number;
}
type Autocannon = (options: object) => Promise<BareResult>;

const [, , mode, url = "", connections = "100", ms = "3000"] = process.argv;
const rate = mode === "bare" ? await bare() : await recorded();
process.stdout.write(`${String(Math.round(rate))}\n`);

async function bare(): Promise<number> {
  const autocannon = createRequire(import.meta.url)("autocannon") as Autocannon;
  const result = await autocannon({
    url: `${url}/purchases`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ product: "1", quantity: 1, buyer: "buyer-1", key: "bench-1" }),
    connections: Number(connections),
    duration: Number(ms) / 1000,
  });
  return result.requests.total / result.duration;
}

async function recorded(): Promise<number> {
  const { history } = await autocannonEngine.fire({
    servers: [url],
    load: {
      buyers: Number(connections),
      spawnRate: null,
      runTimeMs: Number(ms),
      timeoutMs: 10_000,
      buyersRepeat: false,
      retry: null,
      orders: [{ lines: [{ product: 0, quantity: 1 }] }],
      orderOf: [0],
    },
    purchase: {
      method: "POST",
      path: "/purchases",
      headers: {},
      body: { product: "${product}", quantity: "${quantity}", buyer: "${buyer}", key: "${key}" },
      items: null,
    },
    outcomes: [{ outcome: "sold", status: [201, 201], body: { outcome: "sold" }, bodyMatches: null }],
    answer: {
      arrivedAt: null,
      grantedAt: null,
      remaining: "remaining",
      fencingToken: null,
      breaker: null,
      breakerSince: null,
    },
    products: ["1"],
    run: "bench",
    seed: 1,
    signal: new AbortController().signal,
  });
  let last = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcome(attempt) !== "sold") throw new Error(`attempt ${String(attempt)} was not sold`);
    last = Math.max(last, history.endedAt(attempt));
  }
  return history.length / ((last - history.sentAt(0)) / 1e9);
}
