import { environmentError } from "../../../domain/errors.ts";
import type { ComposePort, ComposeService } from "../compose/project.ts";

export interface PortBinding {
  readonly HostIp: string;
  /** "" lets the engine choose; `8080-8090` lets it choose among these. */
  readonly HostPort: string;
}

/**
 * The published ports of one container of a service, by `6379/tcp`. Where the
 * range has one port for each container, number 1 gets the first one.
 * @throws LockbenchError (exit 5) when a service has more containers than ports
 */
export function portBindings(service: ComposeService, index: number): Record<string, PortBinding[]> {
  const bindings: Record<string, PortBinding[]> = {};
  for (const port of service.ports) {
    const key = `${String(port.containerPort)}/${port.protocol}`;
    (bindings[key] ??= []).push({ HostIp: port.hostAddress, HostPort: hostPort(service, port, index) });
  }
  return bindings;
}

function hostPort({ name, at, scale }: ComposeService, port: ComposePort, index: number): string {
  if (port.hostPorts === null) return "";
  const [first, last] = port.hostPorts;
  const width = last - first + 1;
  if (width < scale) {
    throw environmentError(
      "PORT_TAKEN",
      `${name} (${at}): expected a port of this machine for each of its ${String(scale)} containers, found ${String(width)} (${String(first)}) for port ${String(port.containerPort)}`,
      { hint: `publish a range such as ${String(first)}-${String(first + scale - 1)}:${String(port.containerPort)}` },
    );
  }
  return width === scale ? String(first + index - 1) : `${String(first)}-${String(last)}`;
}
