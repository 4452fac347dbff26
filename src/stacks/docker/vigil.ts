import { messageOf } from "../../domain/errors.ts";
import type { Clock } from "../../host/clock.ts";
import { pollUntil } from "../../host/poll.ts";
import type { Service } from "../sessions/session.ts";
import type { Casualty } from "../stack.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { hearContainers, hearDepartures } from "./engine/event-stream.ts";
import { lastWords } from "../last-words.ts";
import { tailOf } from "./engine/logs.ts";
import { type ContainerState, stateOf } from "./engine/state.ts";

/** How much of a log fits on the line of a casualty. */
const TAIL_LINES = 3;
/** How many lines are read for them: some say the same. */
const LOOKED_AT = 15;
const POLL_MS = 100;
const GOES_ON_WITHIN_MS = 5000;
/** Ended as it was told to, by SIGKILL, by SIGTERM: nobody ends like that unless somebody tells him to. */
const TOLD_TO = new Set([0, 137, 143]);

/** Watches over containers: what becomes of them although no fault of the run asked for it. */
export class Vigil {
  readonly #clock: Clock;
  readonly #connection: EngineConnection;
  readonly #services: readonly Service[];
  /** What each was like when it was started for the last time by us. */
  readonly #born = new Map<string, ContainerState>();
  readonly #felled = new Set<string>();
  readonly #paused = new Set<string>();
  /** Once we have paused it ourselves, the engine's word of its pauses is not to be told apart, and may come late. */
  readonly #pausedByUs = new Set<string>();
  /** Containers of which the engine told that they were paused. */
  readonly #pausesHeard = new Set<string>();
  /** Meant to be off its networks. */
  readonly #cut = new Set<string>();
  /** Once we have killed it, or taken it off its networks, departures are not to be told apart. */
  readonly #takenOffByUs = new Set<string>();
  /** Ids of the containers that have left a network. */
  readonly #departed = new Set<string>();
  readonly #end = new AbortController();

  private constructor(clock: Clock, connection: EngineConnection, services: readonly Service[]) {
    this.#clock = clock;
    this.#connection = connection;
    this.#services = services;
  }

  /** Begins once all of them are ready. @param label that all of them carry */
  static async begin(
    clock: Clock,
    connection: EngineConnection,
    services: readonly Service[],
    label: string,
  ): Promise<Vigil> {
    const vigil = new Vigil(clock, connection, services);
    await vigil.#listen(label);
    await Promise.all(services.map(({ name }) => vigil.#remember(name)));
    return vigil;
  }

  end(): void {
    this.#end.abort();
  }

  /** From now on it is meant to be down. */
  fell(name: string): void {
    this.#felled.add(name);
    this.#takenOffByUs.add(name);
  }

  /** It was not us, after all. */
  spare(name: string): void {
    this.#felled.delete(name);
  }

  isFelled(name: string): boolean {
    return this.#felled.has(name);
  }

  /** We have started it again. */
  async raise(name: string): Promise<void> {
    await this.#remember(name);
    this.#felled.delete(name);
  }

  /** From now on it is meant to stand still, or not any more. */
  pause(name: string, still: boolean): void {
    if (still) this.#paused.add(name);
    else this.#paused.delete(name);
    this.#pausedByUs.add(name);
  }

  /** From now on it is meant to be off its networks, or not any more. */
  cutOff(name: string, off: boolean): void {
    if (off) this.#cut.add(name);
    else this.#cut.delete(name);
    this.#takenOffByUs.add(name);
  }

  async casualties(): Promise<readonly Casualty[]> {
    const meantToLive = this.#services.filter(({ name }) => !this.isFelled(name));
    return (await Promise.all(meantToLive.map((service) => this.#lookAt(service)))).flat();
  }

  /** Nothing for a container that runs as it did. One that cannot be looked at is as good as dead. */
  async #lookAt(service: Service): Promise<readonly Casualty[]> {
    const { name, container } = service;
    try {
      const state = await stateOf(this.#connection, container ?? "");
      if (!state.running) return [await this.#obituary(service, state)];
      if (state.startedAt !== this.#born.get(name)?.startedAt) return [others(`${name} was restarted from outside`)];
      return [...this.#networkNews(name, state), ...(await this.#pauseNews(service, state))];
    } catch (error) {
      return [others(`${name} is lost: ${messageOf(error)}`)];
    }
  }

  async #pauseNews(service: Service, state: ContainerState): Promise<readonly Casualty[]> {
    const { name, container } = service;
    if (await this.#standsStill(service, state)) return [others(`${name} was paused from outside, and still is`)];
    const moment = this.#pausesHeard.has(container ?? "") && !this.#pausedByUs.has(name);
    return moment ? [others(`${name} was paused from outside for a while`)] : [];
  }

  #networkNews(name: string, { id, networks }: ContainerState): readonly Casualty[] {
    const missing = (this.#born.get(name)?.networks ?? []).filter((network) => !networks.includes(network));
    if (missing.length > 0 && !this.#cut.has(name)) {
      return [others(`${name} was taken off its network (${missing.join(", ")}) from outside, and still is`)];
    }
    const moment = this.#departed.has(id) && !this.#takenOffByUs.has(name);
    return moment ? [others(`${name} was taken off its network from outside for a while`)] : [];
  }

  /** A busy engine calls a container paused for a moment after it goes on again. */
  async #standsStill({ name, container }: Service, { paused }: ContainerState): Promise<boolean> {
    if (!paused || this.#paused.has(name)) return false;
    if (!this.#pausedByUs.has(name)) return true;
    const patience = { clock: this.#clock, everyMs: POLL_MS, withinMs: GOES_ON_WITHIN_MS };
    const goesOn = async (): Promise<true | undefined> =>
      (await stateOf(this.#connection, container ?? "")).paused ? undefined : true;
    return (await pollUntil(patience, goesOn)) === undefined;
  }

  /** Only a server can die by the shop's own doing. */
  async #obituary({ name, role, container }: Service, { exitCode, oomKilled }: ContainerState): Promise<Casualty> {
    const log = lastWords(await tailOf(this.#connection, container ?? "", LOOKED_AT), TAIL_LINES);
    const byOthers = role !== "server" || (TOLD_TO.has(exitCode) && !oomKilled);
    return { what: `${name} died: exit code ${String(exitCode)}; ${log}`, byOthers };
  }

  async #remember(name: string): Promise<void> {
    this.#born.set(name, await stateOf(this.#connection, this.#service(name)?.container ?? ""));
  }

  /** A pause or a cut that is over leaves no trace but the engine's word. If a stream ends early, one may be missed. */
  async #listen(label: string): Promise<void> {
    const { docker } = this.#connection;
    const { signal } = this.#end;
    const ended = (): void => undefined;
    const pauses = hearContainers(
      docker,
      [label],
      signal,
      ({ action, attributes }) => {
        if (action === "pause") this.#pausesHeard.add(attributes["name"] ?? "");
      },
      ended,
    );
    const departures = hearDepartures(docker, signal, (container) => this.#departed.add(container), ended);
    await Promise.all([pauses, departures]);
  }

  #service(name: string): Service | undefined {
    return this.#services.find((service) => service.name === name);
  }
}

function others(what: string): Casualty {
  return { what, byOthers: true };
}
