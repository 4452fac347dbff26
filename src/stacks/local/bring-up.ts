import { environmentError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Variables } from "../../domain/template.ts";
import { dataFolder } from "../sessions/folders.ts";
import { inNewSession } from "../sessions/in-session.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import { takeLease } from "../sessions/leases.ts";
import type { RedisNode, RunningStack, UpOptions } from "../stack.ts";
import { allOrFirstError } from "../all-or-first-error.ts";
import { externalNodes } from "./external-redis.ts";
import { fingerprint } from "../fingerprint.ts";
import type { Launched } from "./launch.ts";
import type { LocalStackOptions } from "./options.ts";
import { findRedisProgram, noRedisProgram } from "./redis-program.ts";
import { startRedisNode } from "./redis-node.ts";
import { runningStack } from "./running-stack.ts";
import { startServer } from "./server.ts";
import { startTap, tapOf } from "./tap.ts";
import { awaitUrl } from "./await-url.ts";
import { planVariables, redisVariables } from "../variables.ts";

/** Starts everything that the plan asks for; when any of it fails, all of it is stopped again. */
export async function bringUp(options: LocalStackOptions, plan: Plan, up: UpOptions): Promise<RunningStack> {
  up.signal.throwIfAborted();
  const { runtime, lockbench } = options;
  const order = { kind: "local", plan, up, fingerprint: fingerprint(plan, lockbench), engine: null };
  return inNewSession(runtime, order, (keeper) => start(options, plan, up, keeper));
}

async function start(
  options: LocalStackOptions,
  plan: Plan,
  up: UpOptions,
  keeper: SessionKeeper,
): Promise<RunningStack> {
  const { runtime, lockbench } = options;
  const nodes = await startRedis(options, plan, up, keeper);
  const redis = [...nodes.map(ownNode), ...(await externalNodes(plan.stack.externalRedis))];
  const variables = {
    ...planVariables(plan, lockbench),
    ...redisVariables(redis),
    data: dataFolder(keeper.path),
    run: keeper.session.id,
    replica: 0,
  };
  const tap = plan.stack.tap ? await startTap(runtime, keeper, { plan, nodes, lockbench, signal: up.signal }) : null;
  const servers = await startServers(options, plan, up, keeper, (replica) => ({
    ...variables,
    ...(tap === null ? {} : redisVariables(tap.nodesOf(replica))),
  }));
  const urls = plan.target.start === null ? [await awaitUrl(runtime, plan, up.signal)] : servers.map(urlOf);
  up.signal.throwIfAborted();
  if (up.stays) takeLease(runtime, keeper.path);
  keeper.change({ ready: true, redis, servers: urls, variables: { ...variables, port: portOf(urls[0] ?? "") } });
  const launched = [...nodes, ...(tap === null ? [] : [tap.launched]), ...servers];
  return runningStack(runtime, keeper, launched, tapOf(keeper.session));
}

async function startRedis(
  { runtime }: LocalStackOptions,
  plan: Plan,
  up: UpOptions,
  keeper: SessionKeeper,
): Promise<Launched[]> {
  const wanted = plan.stack.redisNodes;
  if (wanted === 0) return [];
  const program = findRedisProgram(runtime.env);
  if (program === undefined) throw noRedisProgram(runtime.env);
  up.progress(`starting ${wanted === 1 ? "Redis" : `${String(wanted)} Redis nodes`}`);
  return allOrFirstError(up.signal, indices(wanted), (index, signal) =>
    startRedisNode(runtime, keeper, program, index, signal),
  );
}

async function startServers(
  { runtime }: LocalStackOptions,
  plan: Plan,
  up: UpOptions,
  keeper: SessionKeeper,
  variablesOf: (replica: number) => Variables,
): Promise<Launched[]> {
  const { start } = plan.target;
  if (start === null) return [];
  up.progress(`starting ${plan.stack.replicas === 1 ? "the server" : `${String(plan.stack.replicas)} servers`}`);
  return allOrFirstError(up.signal, indices(plan.stack.replicas), (replica, signal) =>
    startServer(runtime, keeper, { plan, start, variables: variablesOf(replica), replica, signal }),
  );
}

function ownNode({ service }: Launched): RedisNode {
  return { name: service.name, url: `redis://127.0.0.1:${String(service.port)}`, owned: true };
}

function urlOf({ service }: Launched): string {
  return `http://127.0.0.1:${String(service.port)}`;
}

function portOf(url: string): number {
  if (!URL.canParse(url)) throw environmentError("BAD_URL", `server has no usable address: ${url}`);
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
