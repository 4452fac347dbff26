import type { ComposeSpec } from "./compose-spec.ts";
import type { ServiceSpec } from "./schema/service.ts";

type Services = ReadonlyMap<string, Partial<ServiceSpec>>;

/** The services without a profile, and those with one that was asked for; `*` asks for all. */
export function activeServices({ services }: ComposeSpec, profiles: readonly string[]): Services {
  const wanted = (own: readonly string[]) =>
    own.length === 0 || profiles.includes("*") || own.some((profile) => profiles.includes(profile));
  return new Map([...services].filter(([, { profiles: own = [] }]) => wanted(own)));
}

/** How many containers a service gets: the caller's word, else the file's. */
export function scaleOf(
  name: string,
  { scale, deploy }: Partial<ServiceSpec>,
  overrides: Readonly<Record<string, number>>,
): number {
  return overrides[name] ?? scale ?? deploy?.replicas ?? 1;
}
