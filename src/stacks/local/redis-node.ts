import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { askRedis } from "../ask.ts";
import { workFolder } from "../sessions/folders.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import { nodeName } from "../../domain/service-name.ts";
import { reserveFreePort } from "../sessions/ports.ts";
import type { Runtime } from "../sessions/runtime.ts";
import { awaitReady } from "./await-ready.ts";
import { lostItsPort } from "./failure.ts";
import { launch, type Launched } from "./launch.ts";

const READY_WITHIN_MS = 5000;
const TRIES = 5;

/** Starts a Redis node of our own on a free port and waits until it answers. */
export async function startRedisNode(
  runtime: Runtime,
  keeper: SessionKeeper,
  program: string,
  index: number,
  signal: AbortSignal,
): Promise<Launched> {
  for (let tried = 1; ; tried++) {
    signal.throwIfAborted();
    const node = await launchOn(
      runtime,
      keeper,
      program,
      nodeName(index),
      await reserveFreePort(runtime, keeper.session.id),
    );
    try {
      await untilRedisAnswers(runtime, node, signal);
      return node;
    } catch (error) {
      // Somebody who does not use our reservations took the port just now.
      if (tried === TRIES || node.ended() === undefined || !lostItsPort(node.service)) throw error;
      keeper.drop(node.service.name);
    }
  }
}

function launchOn(
  runtime: Runtime,
  keeper: SessionKeeper,
  program: string,
  name: string,
  port: number,
): Promise<Launched> {
  const cwd = join(workFolder(keeper.path), name);
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const options = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    cwd,
    "--save",
    "",
    "--appendonly",
    "no",
    "--daemonize",
    "no",
  ];
  // Without persistence there is nothing that Redis could save on the way out, and SIGTERM takes it up to 100 ms.
  return launch(runtime, keeper, {
    name,
    role: "redis",
    command: [program, ...options],
    cwd,
    env: {},
    port,
    stopWithinMs: 0,
  });
}

/** Waits until a Redis node of ours answers, and nobody in its place. */
export function untilRedisAnswers(runtime: Runtime, node: Launched, signal: AbortSignal): Promise<void> {
  const { port, process } = node.service;
  return awaitReady(node, {
    clock: runtime.clock,
    signal,
    withinMs: READY_WITHIN_MS,
    awaited: `PONG on 127.0.0.1:${String(port)}`,
    ask: (withinMs) => askRedis(port, withinMs),
    isReady: (answer) => answer.kind === "redis" && isOurs(runtime, answer.pid, process?.pid),
  });
}

/** A wrapper named redis-server may run the real one as its child, in the same process group. */
function isOurs(runtime: Runtime, answering: number, started: number | undefined): boolean {
  if (answering === started) return true;
  return runtime.processes.all().some((one) => one.pid === answering && one.group === started);
}
