import { rmSync } from "node:fs";
import { join } from "node:path";
import { environmentError } from "../../domain/errors.ts";
import { pollUntil } from "../../host/poll.ts";
import { isAlive, send } from "../../host/processes.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { StackControls, WireTap } from "../stack.ts";
import type { Crew } from "./crew.ts";
import { launch, type Launched } from "./launch.ts";
import { untilRedisAnswers } from "./redis-node.ts";
import { saveRedis } from "./save-redis.ts";
import { untilServerAnswers } from "./server.ts";
import { untilTapAnswers } from "./tap.ts";

const POLL_MS = 2;
const DEAD_WITHIN_MS = 5000;
const DUMP = "dump.rdb";

/** Breaks and mends processes. Each is the leader of a group, and its whole group is meant. */
export class LocalControls implements StackControls {
  readonly wire: WireTap | null;
  readonly network = null;
  readonly #runtime: Runtime;
  readonly #keeper: SessionKeeper;
  readonly #crew: Crew;

  constructor(runtime: Runtime, keeper: SessionKeeper, crew: Crew, wire: WireTap | null) {
    this.#runtime = runtime;
    this.#keeper = keeper;
    this.#crew = crew;
    this.wire = wire;
  }

  async kill(name: string, data: "kept" | "lost"): Promise<bigint> {
    const one = this.#crew.running(name);
    const { role, port, cwd } = one.service;
    const dump = role === "redis" ? join(cwd, DUMP) : undefined;
    if (dump !== undefined && data === "kept") await saveRedis(name, port);
    this.#crew.fell(name);
    const sentNs = this.#runtime.clock.nowNs();
    this.#signal(one, "SIGKILL");
    await this.#untilDead(one);
    if (dump !== undefined && data === "lost") rmSync(dump, { force: true });
    return sentNs;
  }

  async restart(name: string): Promise<void> {
    if (!this.#crew.isFelled(name)) return;
    const { role, command, cwd, env, port, stopWithinMs } = this.#crew.member(name).service;
    const order = { name, role, command, cwd, env, port, stopWithinMs };
    const again = await launch(this.#runtime, this.#keeper, order);
    this.#crew.replace(again);
  }

  freeze(name: string): Promise<void> {
    return promised(() => {
      const one = this.#crew.running(name);
      this.#crew.freeze(name);
      this.#signal(one, "SIGSTOP");
    });
  }

  thaw(name: string): Promise<void> {
    return promised(() => {
      this.#signal(this.#crew.member(name), "SIGCONT");
      this.#crew.thaw(name);
    });
  }

  /** No Ctrl-C cuts this short: a fault is undone whatever happens. */
  answered(name: string): Promise<void> {
    const one = this.#crew.member(name);
    const { signal } = new AbortController();
    if (one.service.role === "redis") return untilRedisAnswers(this.#runtime, one, signal);
    if (one.service.role === "tap") return untilTapAnswers(this.#runtime, one, signal);
    return untilServerAnswers(this.#runtime, one, this.#keeper.session.plan.target.ready, signal);
  }

  inFault(inForce: boolean): void {
    this.#keeper.change({ inFault: inForce });
  }

  /** Only to a group whose leader lives: its number might be somebody else's by now. */
  #signal({ service: { process } }: Launched, signal: NodeJS.Signals): void {
    if (process !== null && isAlive(this.#runtime.processes, process)) send(-process.pid, signal);
  }

  async #untilDead({ service: { name, process } }: Launched): Promise<void> {
    const { clock, processes } = this.#runtime;
    const dead = (): true | undefined =>
      process === null || (!isAlive(processes, process) && !processes.groupAlive(process.pid)) ? true : undefined;
    if ((await pollUntil({ clock, everyMs: POLL_MS, withinMs: DEAD_WITHIN_MS }, dead)) === true) return;
    throw environmentError("NOT_KILLED", `fault: ${name} still lives ${String(DEAD_WITHIN_MS)} ms after SIGKILL`);
  }
}

/** What is thrown becomes a rejection. */
function promised(act: () => void): Promise<void> {
  return new Promise((resolve) => {
    act();
    resolve();
  });
}
