import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../domain/plan.ts";
import { connectTap, type TapClient } from "../../tap/client.ts";
import type { TapLink, TapOptions } from "../../tap/protocol.ts";
import { canConnect } from "../ask.ts";
import { workFolder } from "../sessions/folders.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import { reserveFreePort } from "../sessions/ports.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { Session } from "../sessions/session.ts";
import type { RedisNode, WireTap } from "../stack.ts";
import { tapKeys } from "../tap-keys.ts";
import { awaitReady } from "./await-ready.ts";
import { lostItsPort } from "./failure.ts";
import { launch, type Launched } from "./launch.ts";

const NAME = "tap";
const READY_WITHIN_MS = 5000;
const STOP_WITHIN_MS = 1000;
const TRIES = 3;

export interface TapStart {
  readonly plan: Plan;
  readonly nodes: readonly Launched[];
  /** The root of this package. */
  readonly lockbench: string;
  readonly signal: AbortSignal;
}

export interface StartedTap {
  readonly launched: Launched;
  /** The Redis nodes as one server sees them: at the tap's ports. */
  nodesOf(replica: number): readonly RedisNode[];
}

/** Starts the wire tap: a port of its own for each server and node. */
export async function startTap(runtime: Runtime, keeper: SessionKeeper, wanted: TapStart): Promise<StartedTap> {
  for (let tried = 1; ; tried++) {
    wanted.signal.throwIfAborted();
    const links = await linksOf(runtime, keeper, wanted);
    const launched = await launchTap(runtime, keeper, wanted, links);
    try {
      await untilTapAnswers(runtime, launched, wanted.signal);
      return { launched, nodesOf: (replica) => nodesAt(links, replica, wanted.nodes) };
    } catch (error) {
      // Somebody who does not use our reservations took one of the ports just now.
      if (tried === TRIES || launched.ended() === undefined || !lostItsPort(launched.service)) throw error;
      keeper.drop(NAME);
    }
  }
}

async function linksOf(runtime: Runtime, keeper: SessionKeeper, { plan, nodes }: TapStart): Promise<TapLink[]> {
  const links: TapLink[] = [];
  for (let server = 0; server < plan.stack.replicas; server += 1) {
    for (const [node, { service }] of nodes.entries()) {
      const listen = await reserveFreePort(runtime, keeper.session.id);
      links.push({ server, node, listen, to: service.port });
    }
  }
  return links;
}

async function launchTap(
  runtime: Runtime,
  keeper: SessionKeeper,
  { plan, lockbench }: TapStart,
  links: readonly TapLink[],
): Promise<Launched> {
  const cwd = join(workFolder(keeper.path), NAME);
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const control = await reserveFreePort(runtime, keeper.session.id);
  const options: TapOptions = { links, control, log: join(cwd, "wire.ndjson"), keys: tapKeys(plan) };
  const program = join(lockbench, "dist/tap/main.js");
  return launch(runtime, keeper, {
    name: NAME,
    role: "tap",
    command: [process.execPath, program, JSON.stringify(options)],
    cwd,
    env: {},
    port: control,
    stopWithinMs: STOP_WITHIN_MS,
  });
}

/** Its control port is the last one on which it listens. */
export function untilTapAnswers(runtime: Runtime, tap: Launched, signal: AbortSignal): Promise<void> {
  const { port } = tap.service;
  return awaitReady(tap, {
    clock: runtime.clock,
    signal,
    withinMs: READY_WITHIN_MS,
    awaited: `a connection to 127.0.0.1:${String(port)}`,
    ask: async (withinMs) =>
      (await canConnect("127.0.0.1", port, withinMs)) ?? { kind: "http", status: 0, body: "connected" },
    isReady: () => true,
  });
}

function nodesAt(links: readonly TapLink[], replica: number, nodes: readonly Launched[]): RedisNode[] {
  return links
    .filter(({ server }) => server === replica)
    .map(({ node, listen }) => ({
      name: nodes[node]?.service.name ?? "",
      url: `redis://127.0.0.1:${String(listen)}`,
      owned: true,
    }));
}

/** The tap of a session; null where it has none. Connected when it is first needed: a stack that only stays needs no line to it. */
export function tapOf({ services }: Session): WireTap | null {
  const service = services.find(({ role }) => role === "tap");
  if (service === undefined) return null;
  let connecting: Promise<TapClient> | undefined;
  const client = (): Promise<TapClient> => (connecting ??= connectTap(service.port));
  return {
    begin: async () => (await client()).begin(),
    shape: async (rules) => (await client()).shape(rules),
    read: async (originNs) => (await client()).read(originNs),
    close() {
      connecting?.then(
        (open) => open.close(),
        () => undefined,
      );
      connecting = undefined;
    },
  };
}
