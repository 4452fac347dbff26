import type { Environment } from "../../host/programs.ts";
import type { RemoteDatabases } from "../stack.ts";
import type { Service, Session } from "./session.ts";

export interface ContainerState {
  readonly running: boolean;
  /** When it started, ISO 8601; null when it does not run. */
  readonly since: string | null;
  /** Such as `healthy`, or `exited with code 1`. */
  readonly says: string;
}

export interface LogOptions {
  /** How many of the lines that are there already. */
  readonly lines: number;
  readonly onLine: (line: string) => void;
}

/** What sessions need of the engine that runs their containers. Every method throws a LockbenchError (exit 5) when it does not answer. */
export interface Containers {
  /** Removes every container, network and volume of a session. @returns their names */
  remove(session: Session): Promise<string[]>;
  stateOf(session: Session, service: Service): Promise<ContainerState>;
  readLog(session: Session, service: Service, options: LogOptions): Promise<void>;
  /** Goes on until the signal is aborted or the container is gone. */
  followLog(session: Session, service: Service, options: LogOptions & { readonly signal: AbortSignal }): Promise<void>;
  /** How probes and seeds reach SQLite files in the containers; copies are put into the folder. */
  databases(session: Session, folder: string): RemoteDatabases;
}

/** The real ones. Their client is slow to load, and most commands need none. */
export function containersOf(env: Environment): Containers {
  let loading: Promise<Containers> | undefined;
  const loaded = (): Promise<Containers> =>
    (loading ??= import("../docker/containers.ts").then(({ engineContainers }) => engineContainers(env)));
  return {
    remove: async (session) => (await loaded()).remove(session),
    stateOf: async (session, service) => (await loaded()).stateOf(session, service),
    readLog: async (session, service, options) => (await loaded()).readLog(session, service, options),
    followLog: async (session, service, options) => (await loaded()).followLog(session, service, options),
    databases: (session, folder) => ({
      copy: async (file) => (await loaded()).databases(session, folder).copy(file),
      change: async (file, statements) => (await loaded()).databases(session, folder).change(file, statements),
    }),
  };
}
