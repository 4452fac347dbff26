import { didYouMean } from "../../../host/suggest.ts";
import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import type { ComposeSpec } from "./compose-spec.ts";
import type { ServiceSpec } from "./schema/service.ts";

/** What services name must be there: networks, volumes, other services. */
export function findReferenceMistakes(spec: ComposeSpec, active: ReadonlySet<string>, mistakes: Mistakes): void {
  const networks = ["default", ...spec.declared.networks];
  for (const [name, service] of spec.services) {
    const need = (what: string, wanted: string, known: readonly string[], ...steps: readonly (string | number)[]) => {
      if (known.includes(wanted)) return;
      const names = known.length === 0 ? "none" : known.join(", ");
      const message = `expected a ${what} of this file (${names}), found "${wanted}"${didYouMean(wanted, known)}`;
      mistakes.at(["services", name, ...steps], (where) => `${where}: ${message}`, aspectOf(steps.at(-1)));
    };
    for (const { network, step } of service.networks ?? []) need("network", network, networks, "networks", step);
    for (const [place, mount] of (service.volumes ?? []).entries()) {
      if (mount.kind !== "volume" || mount.volume === null) continue;
      need("volume", mount.volume, spec.declared.volumes, "volumes", place);
    }
    const services = [...spec.services.keys()];
    for (const { service: wanted, step } of service.depends_on ?? []) {
      need("service", wanted, services, "depends_on", step);
    }
    if (active.has(name)) findInactive(name, service, spec, active, mistakes);
  }
}

function findInactive(
  name: string,
  { depends_on = [] }: Partial<ServiceSpec>,
  { services }: ComposeSpec,
  active: ReadonlySet<string>,
  mistakes: Mistakes,
): void {
  for (const { service, required, step } of depends_on) {
    const profiles = services.get(service)?.profiles;
    if (!required || profiles === undefined || active.has(service)) continue;
    mistakes.at(
      ["services", name, "depends_on", step],
      (where) => `${where}: expected a service that starts, found one of the profile ${profiles.join(", ")} alone`,
      aspectOf(step),
    );
  }
}

/** A name in a mapping is its key. */
function aspectOf(step: string | number | undefined): "key" | "value" {
  return typeof step === "string" ? "key" : "value";
}
