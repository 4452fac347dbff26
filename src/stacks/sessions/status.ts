import { isAlive } from "../../host/processes.ts";
import { messageOf } from "../../domain/errors.ts";
import { askHttp, askRedis, canConnect } from "../ask.ts";
import type { ContainerState } from "./containers.ts";
import type { SessionEntry } from "./folders.ts";
import { othersUsing } from "./leases.ts";
import { lastRun } from "./manage.ts";
import type { Runtime } from "./runtime.ts";
import type { Service, Session } from "./session.ts";

export interface SessionStatus {
  readonly session: Session;
  /** True when every service runs and answers as it should. */
  readonly healthy: boolean;
  readonly services: readonly ServiceStatus[];
  /** Pids of the lockbench commands that use it just now. */
  readonly usedBy: readonly number[];
  readonly lastRun: string | undefined;
}

export interface ServiceStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly container: string | null;
  readonly port: number;
  readonly log: string;
  /** Since its start, in ms; null when it does not run. */
  readonly uptimeMs: number | null;
  readonly healthy: boolean;
  /** `answers`, `has died`, or what it says instead of what it should. */
  readonly health: string;
}

const ANSWER_WITHIN_MS = 1000;

/** Asks every service of a stack how it is. */
export async function statusOf(runtime: Runtime, entry: SessionEntry): Promise<SessionStatus> {
  const { session } = entry;
  const services = await Promise.all(session.services.map((service) => statusOfService(runtime, session, service)));
  return {
    session,
    healthy: session.ready && services.every((service) => service.healthy),
    services,
    usedBy: othersUsing(runtime, entry.path),
    lastRun: lastRun(runtime, session.id),
  };
}

function statusOfService(runtime: Runtime, session: Session, service: Service): Promise<ServiceStatus> {
  return service.container === null
    ? statusOfProcess(runtime, session, service)
    : statusOfContainer(runtime, session, service);
}

async function statusOfContainer(runtime: Runtime, session: Session, service: Service): Promise<ServiceStatus> {
  const { running, since, says } = await runtime.containers.stateOf(session, service).catch(unknown);
  const trouble = running ? await troubleOf(session, service) : says;
  return {
    ...described(service),
    uptimeMs: ageOf(runtime, since),
    healthy: trouble === undefined,
    health: trouble ?? says,
  };
}

/** A container or an engine that does not answer is a finding, not the end of the command. */
function unknown(error: unknown): ContainerState {
  return { running: false, since: null, says: messageOf(error) };
}

async function statusOfProcess(runtime: Runtime, session: Session, service: Service): Promise<ServiceStatus> {
  const alive = service.process !== null && isAlive(runtime.processes, service.process);
  const trouble = alive ? await troubleOf(session, service) : "has died";
  const uptimeMs = ageOf(runtime, alive ? service.startedAt : null);
  return { ...described(service), uptimeMs, healthy: trouble === undefined, health: trouble ?? "answers" };
}

function described({
  name,
  process,
  container,
  port,
  log,
}: Service): Pick<ServiceStatus, "name" | "pid" | "container" | "port" | "log"> {
  return { name, pid: process?.pid ?? null, container, port, log };
}

function ageOf({ clock }: Runtime, since: string | null): number | null {
  return since === null ? null : clock.date().getTime() - Date.parse(since);
}

async function troubleOf(session: Session, service: Service): Promise<string | undefined> {
  if (service.role === "tap") return (await canConnect("127.0.0.1", service.port, ANSWER_WITHIN_MS))?.why;
  const answer =
    service.role === "redis"
      ? await askRedis(service.port, ANSWER_WITHIN_MS)
      : await askHttp(`http://127.0.0.1:${String(service.port)}${session.readyPath}`, ANSWER_WITHIN_MS);
  if (answer.kind === "silent") return answer.why;
  if (answer.kind === "http" && answer.status !== session.readyStatus)
    return `answered ${String(answer.status)}, expected ${String(session.readyStatus)}`;
  return undefined;
}
