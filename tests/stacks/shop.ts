import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan, StackPlan, StartPlan, TargetPlan } from "../../src/domain/plan.ts";
import { systemHost } from "../../src/host/host.ts";
import { pollUntil } from "../../src/host/poll.ts";
import { createLocalStack } from "../../src/stacks/local.ts";
import { listSessions } from "../../src/stacks/sessions/folders.ts";
import { removeSession } from "../../src/stacks/sessions/remove.ts";
import { runtimeOf, type Runtime } from "../../src/stacks/sessions/runtime.ts";
import type { StackProvider, UpOptions } from "../../src/stacks/stack.ts";

/** A server that answers every request with its environment, as JSON. */
const SERVER = `
import { createServer } from "node:http";
createServer((_, response) => response.end(JSON.stringify({ pid: process.pid, env: process.env, args: process.argv.slice(2) })))
  .listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
`;

const host = systemHost();

/** A folder in which lockbench is "called", with a runtime folder of the test's own. */
export interface Place {
  readonly folder: string;
  readonly runtime: Runtime;
  readonly stack: StackProvider;
  /** The start command of a server that works. */
  readonly server: readonly string[];
  /** Writes a program and returns the command that runs it. */
  program(name: string, source: string): readonly string[];
  options(more?: Partial<UpOptions>): UpOptions;
  /** Stops whatever a test has left running. */
  close(): Promise<void>;
}

export function aPlace(env: Readonly<Record<string, string>> = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), "lockbench-stacks-"));
  const runtime = runtimeOf({
    ...host,
    env: { ...process.env, LOCKBENCH_RUNTIME_DIR: join(folder, "runtime"), ...env },
  });
  const program = (name: string, source: string): readonly string[] => {
    const file = join(folder, name);
    writeFileSync(file, source);
    return ["node", file];
  };
  return {
    folder,
    runtime,
    stack: createLocalStack({ runtime }),
    server: program("server.mjs", SERVER),
    program,
    options: (more = {}) => ({
      folder,
      stays: false,
      signal: new AbortController().signal,
      progress: () => undefined,
      ...more,
    }),
    async close() {
      for (const { path, session } of listSessions(runtime)) await removeSession(runtime, session.id, path, session);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface PlanChanges {
  readonly stack?: Partial<StackPlan>;
  readonly target?: Partial<TargetPlan>;
  readonly start?: Partial<StartPlan>;
  readonly lock?: string;
}

export function aPlan(place: Place, changes: PlanChanges = {}): Plan {
  const start: StartPlan = {
    command: place.server,
    cwd: place.folder,
    env: { PORT: "${port}" },
    stopWithinMs: 2000,
    ...changes.start,
  };
  return {
    scenario: "test_sale",
    title: "a sale",
    folder: place.folder,
    tags: [],
    stack: {
      redisNodes: 1,
      externalRedis: [],
      replicas: 1,
      port: null,
      tap: false,
      tapForFaults: false,
      ...changes.stack,
    },
    target: {
      start,
      url: null,
      ready: { path: "/health", status: 200, withinMs: 10_000 },
      seed: [],
      purchase: { method: "POST", path: "/purchases", headers: {}, body: null, items: null },
      outcomes: [],
      answer: {
        arrivedAt: null,
        grantedAt: null,
        remaining: null,
        fencingToken: null,
        breaker: null,
        breakerSince: null,
      },
      stockProbes: [],
      purchaseProbe: null,
      locks: ["fifo", "spin"],
      lockKeys: null,
      ...changes.target,
    },
    products: [
      { id: "1", stock: 100 },
      { id: "2", stock: 50 },
    ],
    load: {
      buyers: 300,
      spawnRate: null,
      runTimeMs: null,
      timeoutMs: 10_000,
      buyersRepeat: false,
      retry: null,
      orders: [],
      orderOf: [],
    },
    lock: changes.lock ?? "fifo",
    demands: {
      sold: null,
      perBuyer: 1,
      firstCome: null,
      firstComePerServer: null,
      thresholds: [],
      contention: { inFlight: 2, spreadMs: null },
      settle: { quietMs: 100, withinMs: 1000 },
      recoveryMs: null,
      breaker: null,
    },
    faults: [],
    seed: 7,
    control: null,
  };
}

/** Every living process that carries a session in its environment, or works inside the runtime folder. */
export function processesOf(place: Place, session?: string): number[] {
  return place.runtime.processes
    .all()
    .filter((one) => one.pid !== process.pid)
    .filter(
      (one) =>
        one.folder?.startsWith(place.runtime.folder) === true ||
        (session !== undefined && one.hasEnvironment("LOCKBENCH_SESSION", session)) ||
        one.commandLine.includes(place.folder),
    )
    .map((one) => one.pid);
}

/** Waits for a state of the world. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer> {
  const answer = await pollUntil({ clock: host.clock, everyMs: 10, withinMs: 15_000 }, ask);
  if (answer === undefined) throw new Error(`waited 15 s in vain for: ${what}`);
  return answer;
}

export interface ServerSays {
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export async function ask(url: string | undefined): Promise<ServerSays> {
  const response = await fetch(url ?? "http://no-server-was-started");
  return (await response.json()) as ServerSays;
}
