import type { RemoteDatabases } from "../stack.ts";
import type { Service, Session } from "./session.ts";

export interface ContainerState {
  /** False for a paused one as well. */
  readonly running: boolean;
  /** When it started, ISO 8601; null when it has ended. */
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
  remove(session: Pick<Session, "id" | "engine">): Promise<string[]>;
  stateOf(session: Session, service: Service): Promise<ContainerState>;
  readLog(session: Session, service: Service, options: LogOptions): Promise<void>;
  /** Goes on until the signal is aborted or the container is gone. */
  followLog(session: Session, service: Service, options: LogOptions & { readonly signal: AbortSignal }): Promise<void>;
  /** How probes and seeds reach SQLite files in the containers. */
  databases(session: Session): RemoteDatabases;
}
