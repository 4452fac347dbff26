import type { Clock } from "../../../host/clock.ts";
import type { ComposeProject } from "../compose/project.ts";
import type { PublishedPort } from "./published-ports.ts";

export interface UpOrder {
  readonly project: ComposeProject;
  /** On every container, network and volume, from the moment it is made. */
  readonly labels: Readonly<Record<string, string>>;
  /** Aborting it ends every wait at once; what the engine is just making is waited for, so that it can be removed. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
}

export interface UpContainer {
  /** Name of the service in the Compose file. */
  readonly service: string;
  /** From 1. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly ports: readonly PublishedPort[];
}
