import { Background } from "./background.ts";
import { Breaker } from "./breaker/breaker.ts";
import { tellBreaker } from "./breaker/tell-breaker.ts";
import { closeShop } from "./close-shop.ts";
import { isRedlock, type ShopConfig } from "./config.ts";
import { HttpServer } from "./http/http-server.ts";
import { route } from "./http/routes.ts";
import { LocalQueue } from "./locks/local-queue.ts";
import type { Lock } from "./locks/lock.ts";
import { MeasuredLock } from "./locks/measured-lock.ts";
import { calmLog, type Log } from "./log.ts";
import { Metrics } from "./metrics/metrics.ts";
import { Opening, type Repairs } from "./opening.ts";
import { redlockOf, type SellingTools, type ShopParts, type ShopTools } from "./parts.ts";
import { OncePerKey } from "./purchase/once-per-key.ts";
import { Instance } from "./redis/instance.ts";
import { nodeLimitMs, RedisNodes } from "./redis/redis-nodes.ts";
import { QuorumWriter } from "./quorum/quorum-writer.ts";
import { Repairer } from "./quorum/repairer.ts";
import { RepairsDue } from "./quorum/repairs-due.ts";
import { repair } from "./repair/repair.ts";
import { rehearse } from "./rehearsal.ts";
import { Returns } from "./stock/returns.ts";

export interface Shop {
  readonly port: number;
  readonly url: string;
  /**
   * Resolves when Redis was reached and what an earlier crash left behind is repaired; until then nothing is sold.
   * Also when the shop was stopped before that, so that it never opens.
   */
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
  if (isRedlock(config.lock)) metrics.watchNodes(tools.nodes.all);
  const selling = await orLetGo(tools, () => furnish(parts, tools, metrics));
  const { rehearsal } = config;
  const practice = { ...selling, lock: selling.bareLock };
  const opening = new Opening({
    ...selling,
    rehearse: () => (rehearsal === 0 ? Promise.resolve() : rehearse(parts, practice, rehearsal)),
  });
  const http = new HttpServer({
    route: serve(parts, selling, metrics, opening),
    complete: (answer, arrivedAtNs) => {
      const { breaker } = selling;
      return breaker === null ? answer : tellBreaker(answer, arrivedAtNs, breaker);
    },
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
  const { lock, redisUrls, lockTtlMs } = config;
  const quorum = isRedlock(lock);
  const instance = new Instance(quorum ? undefined : redisUrls[0], log);
  const nodes = new RedisNodes({
    urls: quorum ? redisUrls : [redisUrls[0]],
    log,
    limitMs: nodeLimitMs(lockTtlMs),
    onSilence: () => instance.reconnect(),
  });
  const shared = { background: new Background(log), queue: new LocalQueue(), due: new RepairsDue() };
  return { config, nodes, client: nodes.first, instance, ...shared, log };
}

export interface Furnished extends SellingTools {
  readonly ledger: ReturnType<ShopParts["ledger"]>;
  readonly stock: ReturnType<ShopParts["stock"]>;
  /** The lock without metrics and breaker: what a rehearsal does is not for them to count. */
  readonly bareLock: Lock;
  /** null where there is none. */
  readonly breaker: Breaker | null;
  readonly repairs: Repairs;
}

function furnish(parts: ShopParts, tools: ShopTools, metrics: Metrics): Furnished {
  const ledger = parts.ledger(tools);
  const stock = parts.stock({ ...tools, ledger });
  const breaker = breakerFor(tools);
  const bareLock = parts.lock({ ...tools, ledger });
  const guarded = breaker === null ? bareLock : parts.guard(bareLock, breaker, tools);
  const lock = new MeasuredLock(guarded, metrics);
  if (breaker !== null) metrics.follow(breaker);
  const repairs = repairsFor({ ...tools, ledger, stock });
  const returns = new Returns(stock, tools.log);
  return { ...tools, ledger, stock, lock, bareLock, breaker, repairs, returns };
}

function breakerFor({ config, nodes }: ShopTools): Breaker | null {
  if (config.breaker === null) return null;
  // A redlock has no use for a quorum that is slower than its limit.
  const probe = isRedlock(config.lock) ? () => nodes.pingInTime() : () => nodes.ping();
  return new Breaker({ ...config.breaker, probe });
}

function repairsFor(tools: Omit<Furnished, "lock" | "bareLock" | "breaker" | "returns" | "repairs">): Repairs {
  const { config, nodes } = tools;
  if (!isRedlock(config.lock)) return { atStart: () => repair(tools), stop: () => Promise.resolve() };
  const { lockTtlMs: leaseMs, lockWaitMs } = config;
  return new Repairer({ ...tools, writer: new QuorumWriter(nodes), lock: redlockOf(tools), leaseMs, lockWaitMs });
}

async function orLetGo<Result>(tools: ShopTools, work: () => Result): Promise<Result> {
  try {
    return work();
  } catch (error) {
    tools.nodes.close();
    tools.instance.close();
    await tools.background.finished();
    throw error;
  }
}

function serve(parts: ShopParts, selling: Furnished, metrics: Metrics, opening: Opening) {
  const { nodes, ledger, instance } = selling;
  const purchase = new OncePerKey(parts.purchase(selling), ledger);
  const tools = {
    purchase,
    ledger,
    nodes,
    metrics,
    open: () => opening.isOpen,
    trouble: () => {
      if (!opening.isOpen) return "the shop is not open yet";
      return instance.listening || !instance.listens ? undefined : "redis: not subscribed";
    },
  };
  return (...request: [Parameters<typeof route>[0], bigint]) => route(...request, tools);
}
