import type { IncomingMessage } from "node:http";
import type { LedgerReadings } from "../ledger/ledger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { stockKey } from "../redis/keys.ts";
import type { RedisNodes } from "../redis/redis-nodes.ts";
import { Unavailable } from "../unavailable.ts";
import type { HttpAnswer } from "./answer.ts";
import { BadRequest } from "./bad-request.ts";
import { buy, type PurchasesTools } from "./purchases-route.ts";

const MOST_ROWS = 100_000;

export interface RouteTools extends PurchasesTools {
  readonly ledger: PurchasesTools["ledger"] & LedgerReadings;
  readonly nodes: RedisNodes;
  readonly metrics: Metrics;
  /** Why the shop cannot sell although Redis and the database answer; undefined when it can. */
  readonly trouble: () => string | undefined;
}

/** @throws BadRequest or Unavailable */
export function route(request: IncomingMessage, arrivedAtNs: bigint, tools: RouteTools): Promise<HttpAnswer> {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const method = request.method ?? "";
  if (path === "/purchases" && method === "POST") return buy(request, arrivedAtNs, tools);
  if (path === "/purchases") return only("GET, POST", method, () => purchases(query, tools));
  if (path === "/health") return only("GET", method, () => health(tools));
  if (path === "/metrics")
    return only("GET", method, async () => ({ status: 200, body: await tools.metrics.render() }));
  if (path.startsWith("/stock/")) return only("GET", method, () => stock(path.slice("/stock/".length), tools));
  return Promise.reject(new BadRequest(404, `path: nothing is at ${path}`));
}

async function only(
  allow: string,
  method: string,
  answer: () => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  if (method !== "GET") throw new BadRequest(405, `method: expected ${allow}, found ${method}`, { allow });
  return answer();
}

async function health({ nodes, ledger, trouble }: RouteTools): Promise<HttpAnswer> {
  await nodes.ping();
  ledger.ping();
  const reason = trouble();
  if (reason !== undefined) throw new Unavailable(reason);
  return { status: 200, body: { status: "ok" } };
}

async function stock(name: string, { nodes, ledger }: RouteTools): Promise<HttpAnswer> {
  const product = decoded(name);
  const database = ledger.stockOf(product);
  if (database === undefined) throw new BadRequest(404, `product: nothing is known of "${product}"`);
  const said = await nodes.get(stockKey(product));
  const units = said.map((text) => (typeof text === "string" ? Number(text) : null));
  const redis = units.find((value) => units.filter((other) => other === value).length >= nodes.quorum) ?? null;
  return { status: 200, body: { product, redis, ...(units.length > 1 ? { nodes: units } : {}), database } };
}

function purchases(query: string, { ledger }: RouteTools): HttpAnswer {
  const said = new URLSearchParams(query).get("limit") ?? "100";
  const limit = /^\d{1,6}$/.test(said) ? Number(said) : Number.NaN;
  if (!(limit <= MOST_ROWS)) {
    throw new BadRequest(400, `limit: expected a whole number from 0 to ${String(MOST_ROWS)}, found "${said}"`);
  }
  return { status: 200, body: { count: ledger.count(), purchases: ledger.newest(limit) } };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new BadRequest(400, `product: "${name}" is not percent-encoded text`);
  }
}
