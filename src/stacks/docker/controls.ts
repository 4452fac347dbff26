import { environmentError } from "../../domain/errors.ts";
import { pollUntil } from "../../host/poll.ts";
import { askHttp, askRedis } from "../ask.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { Service } from "../sessions/session.ts";
import type { Network, StackControls } from "../stack.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { engineError } from "./engine/engine-error.ts";
import { stateOf } from "./engine/state.ts";
import { containerNetwork } from "./network.ts";
import type { Vigil } from "./vigil.ts";

const POLL_MS = 20;
const ASK_WITHIN_MS = 1000;
const REDIS_WITHIN_MS = 10_000;

/** Breaks and mends containers. */
export class ContainerControls implements StackControls {
  readonly wire = null;
  readonly network: Network;
  readonly #runtime: Runtime;
  readonly #connection: EngineConnection;
  readonly #keeper: SessionKeeper;
  readonly #vigil: Vigil;

  constructor(runtime: Runtime, connection: EngineConnection, keeper: SessionKeeper, vigil: Vigil) {
    this.#runtime = runtime;
    this.#connection = connection;
    this.#keeper = keeper;
    this.#vigil = vigil;
    const network = containerNetwork(connection, (name) => this.#container(name));
    this.network = {
      async disconnect(name) {
        vigil.cutOff(name, true);
        await network.disconnect(name);
      },
      async connect(name) {
        await network.connect(name);
        vigil.cutOff(name, false);
      },
    };
  }

  /** The containers of Redis keep nothing on disk, so its data are lost whatever is asked for. */
  async kill(name: string): Promise<bigint> {
    const container = this.#connection.docker.getContainer(this.#container(name));
    if (this.#vigil.isFelled(name)) {
      throw environmentError("FAULT_IMPOSSIBLE", `fault: ${name} is down already, expected it to run`);
    }
    this.#vigil.fell(name);
    const sentNs = this.#runtime.clock.nowNs();
    await did(`${name} cannot be killed`, container.kill({ signal: "SIGKILL" })).catch((error: unknown) => {
      // It has died by itself, which is to be told.
      this.#vigil.spare(name);
      throw error;
    });
    await did(`${name} does not end`, container.wait());
    return sentNs;
  }

  async restart(name: string): Promise<void> {
    if (!this.#vigil.isFelled(name)) return;
    await did(`${name} cannot be started again`, this.#connection.docker.getContainer(this.#container(name)).start());
    await did(`${name} cannot be looked at`, this.#vigil.raise(name));
  }

  async freeze(name: string): Promise<void> {
    this.#vigil.pause(name, true);
    await did(`${name} cannot be paused`, this.#connection.docker.getContainer(this.#container(name)).pause());
  }

  async thaw(name: string): Promise<void> {
    const container = this.#container(name);
    const { paused } = await stateOf(this.#connection, container);
    if (paused) await did(`${name} cannot go on`, this.#connection.docker.getContainer(container).unpause());
    this.#vigil.pause(name, false);
  }

  /** Asks through the published port, as the buyers and the probes do. */
  async answered(name: string): Promise<void> {
    const service = this.#service(name);
    const { ready } = this.#keeper.session.plan.target;
    const withinMs = service.role === "redis" ? REDIS_WITHIN_MS : ready.withinMs;
    const patience = { clock: this.#runtime.clock, everyMs: POLL_MS, withinMs };
    const well = async (): Promise<true | undefined> => {
      if (service.role === "redis") {
        return (await askRedis(service.port, ASK_WITHIN_MS)).kind === "redis" ? true : undefined;
      }
      const answer = await askHttp(`http://127.0.0.1:${String(service.port)}${ready.path}`, ASK_WITHIN_MS);
      return answer.kind === "http" && answer.status === ready.status ? true : undefined;
    };
    if ((await pollUntil(patience, well)) === true) return;
    const waited = `${String(withinMs / 1000)} s`;
    throw environmentError(
      "SERVICE_NOT_READY",
      `${name} did not answer again on port ${String(service.port)}: awaited for ${waited}`,
    );
  }

  inFault(inForce: boolean): void {
    this.#keeper.change({ inFault: inForce });
  }

  #service(name: string): Service {
    const service = this.#keeper.session.services.find((one) => one.name === name);
    if (service !== undefined) return service;
    throw environmentError("FAULT_IMPOSSIBLE", `fault: there is no service ${name}, expected one that runs`);
  }

  #container(name: string): string {
    return this.#service(name).container ?? "";
  }
}

async function did(event: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw engineError(`fault: ${event}`, error);
  }
}
