export const LOCKS = ["fifo", "spin", "lua", "none", "redlock-manual", "redlock-library"] as const;
export type LockName = (typeof LOCKS)[number];

/** Whether a lock is one of a quorum of Redis nodes, each of which keeps the stock. */
export function isRedlock(lock: LockName): boolean {
  return lock === "redlock-manual" || lock === "redlock-library";
}

export interface ShopConfig {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** The Redis nodes; only a redlock uses more than the first of them. */
  readonly redisUrls: readonly [string, ...string[]];
  /** Path of the SQLite file; it is created when it is missing. */
  readonly database: string;
  readonly lock: LockName;
  /** How long a lock is leased to its owner, in ms. */
  readonly lockTtlMs: number;
  /** How long a buyer may wait for a lock, in ms. */
  readonly lockWaitMs: number;
  /** Sales to nobody before the shop opens, so that the first buyers do not wait for the compiler. */
  readonly rehearsal: number;
  /** When the circuit breaker opens, and how often it then probes; null: there is none. */
  readonly breaker: BreakerConfig | null;
}

export interface BreakerConfig {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** How long it stays open before it probes, in ms. */
  readonly probeMs: number;
}

/** The environment does not describe a shop; the message names every variable that is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError with what was expected and found, for all wrong variables at once */
export function readConfig(env: Environment): ShopConfig {
  const problems: string[] = [];
  const lock = lockName(env, problems);
  const nodes = redisUrls(env, problems);
  if (nodes.length > 1 && !isRedlock(lock)) problems.push(oneNodeOnly(lock, nodes.length));
  const config: ShopConfig = {
    port: wholeNumber(env, "PORT", 8080, 0, 65_535, problems),
    host: text(env, "HOST", "127.0.0.1"),
    redisUrls: nodes,
    database: text(env, "DATABASE", "shop.db"),
    lock,
    lockTtlMs: wholeNumber(env, "LOCK_TTL_MS", 5000, 10, 3_600_000, problems),
    lockWaitMs: wholeNumber(env, "LOCK_WAIT_MS", 8000, 0, 3_600_000, problems),
    rehearsal: wholeNumber(env, "REHEARSAL", 0, 0, 10_000, problems),
    breaker: breaker(env, lock, problems),
  };
  if (problems.length > 0) throw new ConfigError(problems.join("; "));
  return config;
}

function text(env: Environment, name: string, otherwise: string): string {
  const value = env[name];
  return value === undefined || value === "" ? otherwise : value;
}

function wholeNumber(
  env: Environment,
  name: string,
  otherwise: number,
  least: number,
  most: number,
  problems: string[],
): number {
  const said = text(env, name, String(otherwise));
  const value = /^\d{1,9}$/.test(said) ? Number(said) : Number.NaN;
  if (value >= least && value <= most) return value;
  problems.push(`${name}: expected a whole number from ${String(least)} to ${String(most)}, found "${said}"`);
  return otherwise;
}

function redisUrls(env: Environment, problems: string[]): readonly [string, ...string[]] {
  const one = text(env, "REDIS_URL", "redis://127.0.0.1:6379");
  const [first = one, ...others] = text(env, "REDIS_URLS", one)
    .split(",")
    .map((url) => url.trim());
  const name = text(env, "REDIS_URLS", "") === "" ? "REDIS_URL" : "REDIS_URLS";
  for (const said of [first, ...others]) {
    if (/^rediss?:\/\//.test(said) && URL.canParse(said)) continue;
    problems.push(`${name}: expected redis://host:port, found "${said}"`);
  }
  if (new Set([first, ...others]).size <= others.length) problems.push(`${name}: expected each node once`);
  return [first, ...others];
}

function lockName(env: Environment, problems: string[]): LockName {
  const said = text(env, "LOCK", "fifo");
  const known = LOCKS.find((name) => name === said);
  if (known === undefined) problems.push(`LOCK: expected one of ${LOCKS.join(", ")}, found "${said}"`);
  return known ?? "fifo";
}

/** It would sell from the first node, and the stock of the others would stay as it was. */
function oneNodeOnly(lock: LockName, nodes: number): string {
  const redlocks = LOCKS.filter(isRedlock).join(" or ");
  return `LOCK: expected ${redlocks} for the ${String(nodes)} nodes of REDIS_URLS, found "${lock}", which knows one node`;
}

/** Where the lock needs a quorum there is a breaker, unless somebody says otherwise. */
function breaker(env: Environment, lock: LockName, problems: string[]): BreakerConfig | null {
  const said = text(env, "BREAKER", isRedlock(lock) ? "on" : "off");
  if (said !== "on" && said !== "off") problems.push(`BREAKER: expected on or off, found "${said}"`);
  const failures = wholeNumber(env, "BREAKER_FAILURES", 5, 1, 1000, problems);
  const probeMs = wholeNumber(env, "BREAKER_PROBE_MS", 250, 10, 60_000, problems);
  return said === "on" ? { failures, probeMs } : null;
}
