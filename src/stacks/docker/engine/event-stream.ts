import type { IncomingMessage } from "node:http";
import type Dockerode from "dockerode";
import { engineError } from "./engine-error.ts";
import { engineStream, linesOf } from "./engine-stream.ts";

export interface ContainerEvent {
  /** `start`, `die`, `health_status: healthy`, … */
  readonly action: string;
  /** Full id of the container. */
  readonly id: string;
  /** The container's labels, its name and, of a death, `exitCode`. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface RawEvent {
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
}

/**
 * Hears what happens to containers with all of these labels, from now on.
 * The stream does not keep the process alive.
 * @param onEnd called once, with why, unless the signal ended it
 */
export async function hearContainers(
  docker: Dockerode,
  labels: readonly string[],
  signal: AbortSignal,
  onEvent: (event: ContainerEvent) => void,
  onEnd: (error: unknown) => void,
): Promise<void> {
  await listen(docker, { type: ["container"], label: [...labels] }, signal, onEvent, onEnd);
}

/**
 * Hears which containers leave a network, from now on: the ids of all of them, since the engine tells no labels. A
 * container that stops leaves its networks, too. @param onEnd as for `hearContainers`
 */
export async function hearDepartures(
  docker: Dockerode,
  signal: AbortSignal,
  onDeparture: (container: string) => void,
  onEnd: (error: unknown) => void,
): Promise<void> {
  const heard = ({ attributes }: ContainerEvent): void => onDeparture(attributes["container"] ?? "");
  await listen(docker, { type: ["network"], event: ["disconnect"] }, signal, heard, onEnd);
}

async function listen(
  docker: Dockerode,
  filters: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
  onEvent: (event: ContainerEvent) => void,
  onEnd: (error: unknown) => void,
): Promise<void> {
  const stream = await engineStream(docker, "/events", { filters }, signal).catch((error: unknown) => {
    throw engineError("what happens to containers cannot be heard", error);
  });
  stream.socket.unref();
  void hear(stream, onEvent).then(onEnd, (error: unknown) => {
    if (!signal.aborted) onEnd(error);
  });
}

async function hear(stream: IncomingMessage, onEvent: (event: ContainerEvent) => void): Promise<void> {
  for await (const line of linesOf(stream)) {
    const { Action: action, Actor: actor } = JSON.parse(line) as RawEvent;
    if (action === undefined || actor?.ID === undefined) continue;
    onEvent({ action, id: actor.ID, attributes: actor.Attributes ?? {} });
  }
}
