import type Dockerode from "dockerode";

export interface PublishedPort {
  /** Port inside the container. */
  readonly container: number;
  /** Port of this machine. */
  readonly host: number;
  /** Address of this machine: `127.0.0.1`, or `0.0.0.0` for all. */
  readonly address: string;
}

type Ports = Dockerode.ContainerInspectInfo["NetworkSettings"]["Ports"];

/** A port that is published on IPv4 and IPv6 alike is told once. */
export function publishedPorts(ports: Ports): PublishedPort[] {
  const found = new Map<string, PublishedPort>();
  for (const [inside, bindings] of Object.entries(ports as Readonly<Record<string, Ports[string] | null>>)) {
    const container = Number.parseInt(inside, 10);
    for (const { HostIp: address, HostPort } of bindings ?? []) {
      const host = Number(HostPort);
      const key = `${inside} ${HostPort}`;
      if (!found.has(key)) found.set(key, { container, host, address });
    }
  }
  return [...found.values()];
}
