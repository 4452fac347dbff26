import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import { scaleOf } from "./active-services.ts";
import type { ServiceSpec } from "./schema/service.ts";

type Services = ReadonlyMap<string, Partial<ServiceSpec>>;

/** What the containers of the services that start would dispute: names, numbers, places of mounts. */
export function findContainerMistakes(
  services: Services,
  scale: Readonly<Record<string, number>>,
  mistakes: Mistakes,
): void {
  const holders = new Map<string, string>();
  for (const [name, service] of services) {
    const path = ["services", name];
    const { container_name: own, scale: count, deploy } = service;
    if (count !== undefined && deploy?.replicas !== undefined && count !== deploy.replicas) {
      mistakes.expected([...path, "scale"], `what deploy.replicas says (${String(deploy.replicas)})`, String(count));
    }
    if (own !== undefined) {
      const containers = scaleOf(name, service, scale);
      const holder = holders.get(own);
      if (containers > 1) {
        mistakes.expected(
          [...path, "container_name"],
          "none, since a name fits one container",
          `${String(containers)} containers`,
        );
      } else if (holder !== undefined) {
        mistakes.expected([...path, "container_name"], "a name of its own", `that of ${holder}`);
      }
      holders.set(own, name);
    }
    findDisputedTargets(service, path, mistakes);
  }
  for (const name of Object.keys(scale).filter((wanted) => !services.has(wanted))) {
    mistakes.expected(["services"], `a service "${name}" to scale`, [...services.keys()].join(", "));
  }
}

function findDisputedTargets(service: Partial<ServiceSpec>, path: readonly string[], mistakes: Mistakes): void {
  const taken = new Set<string>();
  for (const key of ["volumes", "tmpfs"] as const) {
    for (const [place, { target }] of (service[key] ?? []).entries()) {
      if (taken.has(target)) mistakes.expected([...path, key, place], "one mount in each place", `${target} again`);
      taken.add(target);
    }
  }
}
