import { Background } from "./background.ts";
import { closeShop } from "./close-shop.ts";
import type { ShopConfig } from "./config.ts";
import { HttpServer } from "./http/http-server.ts";
import { route } from "./http/routes.ts";
import type { Lock } from "./locks/lock.ts";
import { MeasuredLock } from "./locks/measured-lock.ts";
import { calmLog, type Log } from "./log.ts";
import { Metrics } from "./metrics/metrics.ts";
import { Opening } from "./opening.ts";
import type { SellingTools, ShopParts, ShopTools } from "./parts.ts";
import { OncePerKey } from "./purchase/once-per-key.ts";
import { Instance } from "./redis/instance.ts";
import { RedisClient } from "./redis/redis-client.ts";
import { rehearse } from "./rehearsal.ts";
import { Returns } from "./stock/returns.ts";

export interface Shop {
  readonly port: number;
  readonly url: string;
  /** Resolves when Redis was reached and what an earlier crash left behind is repaired; until then nothing is sold. */
  readonly opened: Promise<void>;
  /** Finishes what is in flight, then lets go of everything. Harmless when called twice. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and listens.
 * @throws when the database cannot be opened or the port is taken; nothing is left running then
 */
export async function startShop(parts: ShopParts, config: ShopConfig, write: Log): Promise<Shop> {
  const metrics = new Metrics(config.lock);
  const tools = connectRedis(config, calmLog(write));
  const selling = await orLetGo(tools, () => furnish(parts, tools, metrics));
  const { rehearsal } = config;
  const practice = { ...selling, lock: selling.unmeasured };
  const opening = new Opening({
    ...selling,
    rehearse: () => (rehearsal === 0 ? Promise.resolve() : rehearse(parts, practice, rehearsal)),
  });
  const http = new HttpServer({
    route: serve(parts, selling, metrics, opening),
    send: parts.send,
    answered: (outcome) => metrics.answered(outcome),
    log: tools.log,
  });
  const house = { ...selling, http, opening };
  const port = await http.listen(config.port, config.host).catch(async (error: unknown) => {
    await closeShop(house);
    throw error;
  });
  let stopped: Promise<void> | undefined;
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${String(port)}`;
  return { port, url, opened: opening.done, stop: () => (stopped ??= closeShop(house)) };
}

function connectRedis(config: ShopConfig, log: Log): ShopTools {
  const instance = new Instance(config.redisUrl, log);
  const client = new RedisClient(config.redisUrl, log, () => instance.reconnect());
  return { config, client, instance, background: new Background(log), log };
}

export interface Furnished extends SellingTools {
  readonly ledger: ReturnType<ShopParts["ledger"]>;
  readonly stock: ReturnType<ShopParts["stock"]>;
  /** The lock without the metrics. */
  readonly unmeasured: Lock;
}

function furnish(parts: ShopParts, tools: ShopTools, metrics: Metrics): Furnished {
  const ledger = parts.ledger(tools);
  const stock = parts.stock(tools);
  const unmeasured = parts.lock(tools);
  const lock = new MeasuredLock(unmeasured, metrics);
  return { ...tools, ledger, stock, lock, unmeasured, returns: new Returns(stock, tools.log) };
}

async function orLetGo<Result>(tools: ShopTools, work: () => Result): Promise<Result> {
  try {
    return work();
  } catch (error) {
    tools.client.close();
    tools.instance.close();
    await tools.background.finished();
    throw error;
  }
}

function serve(parts: ShopParts, selling: Furnished, metrics: Metrics, opening: Opening) {
  const { client, ledger, instance } = selling;
  const purchase = new OncePerKey(parts.purchase(selling), ledger);
  const tools = {
    purchase,
    ledger,
    client,
    metrics,
    open: () => opening.isOpen,
    trouble: () => {
      if (!opening.isOpen) return "the shop is not open yet";
      return instance.listening ? undefined : "redis: not subscribed";
    },
  };
  return (...request: [Parameters<typeof route>[0], bigint]) => route(...request, tools);
}
