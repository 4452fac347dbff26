import type { Clock } from "../../../host/clock.ts";
import { allOrFirstError } from "../../all-or-first-error.ts";
import type { ComposeProject, ComposeService } from "../compose/project.ts";
import { startOrder } from "../compose/start-order.ts";
import { awaitCompleted, awaitHealthy, awaitReady, type Watch } from "./await-container.ts";
import type { EngineConnection } from "./connect.ts";
import { ContainerNews } from "./container-news.ts";
import { containerName } from "./container-options.ts";
import { type Created, createContainer, startContainer } from "./create-container.ts";
import { imageMaker } from "./images.ts";
import { makeNetwork, makeVolume } from "./make-resources.ts";
import { labelFilter } from "./marks.ts";
import { once } from "./once.ts";
import { publishedPorts, type PublishedPort } from "./published-ports.ts";

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

/**
 * Makes networks, volumes, images and containers of a project, starts them as
 * depends_on asks, and waits until everything with a health check is healthy.
 * It does not clean up when it fails: whoever called removes by label.
 * @throws LockbenchError (exit 5) for the first thing that went wrong; the signal's reason when it is aborted
 */
export async function upProject(connection: EngineConnection, order: UpOrder): Promise<readonly UpContainer[]> {
  const { project, labels, signal } = order;
  signal.throwIfAborted();
  const news = await ContainerNews.open(connection.docker, labelFilter(labels));
  try {
    const ups = await allOrFirstError(signal, [project], (_, either) => upAll(connection, order, news, either));
    return ups.flat();
  } finally {
    news.close();
  }
}
