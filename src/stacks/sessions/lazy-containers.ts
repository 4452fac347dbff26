import type { Environment } from "../../host/programs.ts";
import type { Containers } from "./containers.ts";

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
