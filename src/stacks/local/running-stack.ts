import { isAlive } from "../../host/processes.ts";
import { SessionKeeper } from "../sessions/keeper.ts";
import { releaseLease } from "../sessions/leases.ts";
import { removeSession } from "../sessions/remove.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { SessionEntry } from "../sessions/folders.ts";
import type { Service, Session } from "../sessions/session.ts";
import type { RunningStack, WireTap } from "../stack.ts";
import { LocalControls } from "./controls.ts";
import { Crew } from "./crew.ts";
import type { Launched } from "./launch.ts";
import { losses, UNKNOWN_END } from "./losses.ts";

/** A stack that this process has started. */
export function runningStack(
  runtime: Runtime,
  keeper: SessionKeeper,
  launched: readonly Launched[],
  wire: WireTap | null,
): RunningStack {
  const crew = new Crew(launched);
  let going: Promise<unknown> | undefined;
  return {
    ...facts(keeper.session, false),
    databases: null,
    controls: controlsOf(runtime, keeper, crew, wire),
    casualties() {
      return Promise.resolve(going === undefined ? losses(runtime, crew, keeper.path) : []);
    },
    async down() {
      wire?.close();
      going ??= removeSession(runtime, keeper.session.id, keeper.path, keeper.session);
      await going;
    },
  };
}

/** A stack that an earlier command has started: it stays, and how a process of it ended cannot be known. */
export function reusedStack(runtime: Runtime, entry: SessionEntry, wire: WireTap | null): RunningStack {
  const crew = new Crew(entry.session.services.map((service) => seenFromAfar(runtime, service)));
  return {
    ...facts(entry.session, true),
    databases: null,
    controls: controlsOf(runtime, new SessionKeeper(entry), crew, wire),
    casualties() {
      return Promise.resolve(losses(runtime, crew, entry.path));
    },
    down() {
      wire?.close();
      releaseLease(runtime, entry.path);
      return Promise.resolve();
    },
  };
}

/** A process of another command, of which only its life can be seen. */
function seenFromAfar(runtime: Runtime, service: Service): Launched {
  const { process } = service;
  const lives = (): boolean => process !== null && isAlive(runtime.processes, process);
  return { service, ended: () => (lives() ? undefined : UNKNOWN_END) };
}

function controlsOf(runtime: Runtime, keeper: SessionKeeper, crew: Crew, wire: WireTap | null): LocalControls | null {
  return keeper.session.services.length === 0 ? null : new LocalControls(runtime, keeper, crew, wire);
}

function facts(
  session: Session,
  reused: boolean,
): Pick<RunningStack, "id" | "kind" | "reused" | "servers" | "redis" | "variables"> {
  const { id, kind, servers, redis, variables } = session;
  return { id, kind, reused, servers, redis, variables };
}
