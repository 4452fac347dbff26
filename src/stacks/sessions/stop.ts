import { isAlive, type ProcessIdentity, type ProcessView, send } from "../../host/processes.ts";
import { pollUntil } from "../../host/poll.ts";
import { logFolder, workFolder } from "./folders.ts";
import { reservedPorts } from "./ports.ts";
import type { Runtime } from "./runtime.ts";
import { type Service, SESSION_VARIABLE } from "./session.ts";

const POLL_MS = 3;
/** What SIGKILL may take: a process in an uninterruptible wait goes only when that ends. */
const KILL_WITHIN_MS = 2000;
const STRAY_STOP_WITHIN_MS = 500;
/** A stray may have started another one while it was being stopped. */
const STRAY_ROUNDS = 3;

/** Stops the servers, then what stands between them and Redis, then the Redis nodes. @returns the names of those that were still running */
export async function stopServices(runtime: Runtime, services: readonly Service[]): Promise<string[]> {
  const stopped: string[] = [];
  for (const role of ["server", "tap", "redis"] as const) {
    const ofRole = services.filter((service) => service.role === role);
    stopped.push(...(await Promise.all(ofRole.map((service) => stopService(runtime, service)))).flat());
  }
  return stopped;
}

async function stopService(runtime: Runtime, service: Service): Promise<string[]> {
  const leader = service.process;
  if (leader === null || !isAlive(runtime.processes, leader)) return [];
  await stopGroup(runtime, leader, service.stopWithinMs);
  return [`${service.name} (pid ${String(leader.pid)}, port ${String(service.port)})`];
}

/** The caller has just seen the leader alive, so the group is its; the number stays taken until the last member is gone. */
async function stopGroup(runtime: Runtime, leader: ProcessIdentity, withinMs: number): Promise<void> {
  const gone = (): true | undefined =>
    isAlive(runtime.processes, leader) || groupAlive(runtime, leader.pid) ? undefined : true;
  if (withinMs > 0) {
    send(-leader.pid, "SIGTERM");
    // A frozen process would notice SIGTERM only after it was thawed.
    send(-leader.pid, "SIGCONT");
    if ((await poll(runtime, withinMs, gone)) === true) return;
  }
  send(-leader.pid, "SIGKILL");
  await poll(runtime, KILL_WITHIN_MS, gone);
}

function groupAlive(runtime: Runtime, group: number): boolean {
  return send(-group, 0) && runtime.processes.groupAlive(group);
}

/**
 * Stops what belongs to a session although no record names it: grandchildren
 * that left their group, and a Redis whose owner died before it could write its pid down.
 * @returns the pids of those that were found
 */
export async function stopStrays(runtime: Runtime, session: string, path: string): Promise<number[]> {
  const stopped = new Set<number>();
  for (let round = 0; round < STRAY_ROUNDS; round++) {
    const strays = findStrays(runtime, session, path);
    if (strays.length === 0) break;
    await stopAll(runtime, strays);
    for (const stray of strays) stopped.add(stray.pid);
  }
  return [...stopped];
}

async function stopAll(runtime: Runtime, strays: readonly ProcessView[]): Promise<void> {
  const gone = (): true | undefined => (strays.some((stray) => isAlive(runtime.processes, stray)) ? undefined : true);
  for (const signal of ["SIGTERM", "SIGCONT"] as const) sendAll(runtime, strays, signal);
  if ((await poll(runtime, STRAY_STOP_WITHIN_MS, gone)) === true) return;
  sendAll(runtime, strays, "SIGKILL");
  await poll(runtime, KILL_WITHIN_MS, gone);
}

function findStrays(runtime: Runtime, session: string, path: string): ProcessView[] {
  const ports = reservedPorts(runtime, session).map(String);
  // Redis writes its title over its environment, so it is known by its folder together with one of our ports.
  const isOurRedis = (one: ProcessView): boolean =>
    one.folder?.startsWith(workFolder(path)) === true && ports.some((port) => one.commandLine.includes(port));
  // Between its fork and its exec a child has no environment of its own yet, and in the midst of exec none that can be
  // read: what it has from the first moment to the last is the log that its output goes to.
  const isOurs = (one: ProcessView): boolean =>
    one.hasEnvironment(SESSION_VARIABLE, session) || isOurRedis(one) || one.writesInto(logFolder(path));
  return runtime.processes.all().filter((one) => one.pid !== process.pid && isOurs(one));
}

function sendAll(runtime: Runtime, strays: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const stray of strays) if (isAlive(runtime.processes, stray)) send(stray.pid, signal);
}

function poll(runtime: Runtime, withinMs: number, gone: () => true | undefined): Promise<true | undefined> {
  return pollUntil({ clock: runtime.clock, everyMs: POLL_MS, withinMs }, gone);
}
