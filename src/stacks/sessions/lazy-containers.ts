import type { Environment } from "../../host/programs.ts";
import type { RemoteDatabases } from "../stack.ts";
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
    databases(session) {
      let opening: Promise<RemoteDatabases> | undefined;
      const opened = (): Promise<RemoteDatabases> =>
        (opening ??= loaded().then((containers) => containers.databases(session)));
      return {
        copy: async (file) => (await opened()).copy(file),
        change: async (file, statements) => (await opened()).change(file, statements),
      };
    },
  };
}
