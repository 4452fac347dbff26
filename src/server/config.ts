export const LOCKS = ["fifo", "spin", "lua", "none"] as const;
export type LockName = (typeof LOCKS)[number];

export interface ShopConfig {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly redisUrl: string;
  /** Path of the SQLite file; it is created when it is missing. */
  readonly database: string;
  readonly lock: LockName;
  /** How long a lock is leased to its owner, in ms. */
  readonly lockTtlMs: number;
  /** How long a buyer may wait for a lock, in ms. */
  readonly lockWaitMs: number;
  /** Sales to nobody before the shop opens, so that the first buyers do not wait for the compiler. */
  readonly rehearsal: number;
}

/** The environment does not describe a shop; the message names every variable that is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError with what was expected and found, for all wrong variables at once */
export function readConfig(env: Environment): ShopConfig {
  const problems: string[] = [];
  const config: ShopConfig = {
    port: wholeNumber(env, "PORT", 8080, 0, 65_535, problems),
    host: text(env, "HOST", "127.0.0.1"),
    redisUrl: redisUrl(env, problems),
    database: text(env, "DATABASE", "shop.db"),
    lock: lockName(env, problems),
    lockTtlMs: wholeNumber(env, "LOCK_TTL_MS", 5000, 10, 3_600_000, problems),
    lockWaitMs: wholeNumber(env, "LOCK_WAIT_MS", 8000, 0, 3_600_000, problems),
    rehearsal: wholeNumber(env, "REHEARSAL", 0, 0, 10_000, problems),
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

function redisUrl(env: Environment, problems: string[]): string {
  const said = text(env, "REDIS_URL", "redis://127.0.0.1:6379");
  if (!/^rediss?:\/\//.test(said) || !URL.canParse(said)) {
    problems.push(`REDIS_URL: expected redis://host:port, found "${said}"`);
  }
  return said;
}

function lockName(env: Environment, problems: string[]): LockName {
  const said = text(env, "LOCK", "fifo");
  const known = LOCKS.find((name) => name === said);
  if (known === undefined) problems.push(`LOCK: expected one of ${LOCKS.join(", ")}, found "${said}"`);
  return known ?? "fifo";
}
