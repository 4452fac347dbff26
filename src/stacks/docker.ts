import { realpathSync } from "node:fs";
import { attachContainers } from "./docker/attach.ts";
import { bringUp } from "./docker/bring-up.ts";
import type { DockerStackOptions } from "./docker/options.ts";
import { obstacle, requireContainable } from "./docker/topology.ts";
import { requireUsableSettings } from "./docker/settings.ts";
import type { StackProvider } from "./stack.ts";

/** Redis and the servers as containers, from the bundled Compose files, published on 127.0.0.1. */
export function createDockerStack(options: DockerStackOptions): StackProvider {
  return {
    name: "docker",
    async up(plan, up) {
      requireContainable(plan);
      requireUsableSettings(options.runtime.env);
      return bringUp(options, plan, { ...up, folder: realpathSync(up.folder) });
    },
    async attach(plan, up) {
      if (obstacle(plan) !== undefined) return undefined;
      requireUsableSettings(options.runtime.env);
      return attachContainers(options, plan, realpathSync(up.folder));
    },
  };
}
