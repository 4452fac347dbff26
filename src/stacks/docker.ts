import { realpathSync } from "node:fs";
import { attachContainers } from "./docker/attach.ts";
import { bringUp } from "./docker/bring-up.ts";
import type { DockerStackOptions } from "./docker/options.ts";
import { obstacle, requireContainable } from "./docker/topology.ts";
import type { StackProvider } from "./stack.ts";

/** Redis and the servers as containers, from the bundled Compose files, published on 127.0.0.1. */
export function createDockerStack(options: DockerStackOptions): StackProvider {
  return {
    name: "docker",
    async up(plan, up) {
      requireContainable(plan);
      return bringUp(options, plan, { ...up, folder: realpathSync(up.folder) });
    },
    async attach(plan, up) {
      return obstacle(plan) === undefined ? attachContainers(options, plan, realpathSync(up.folder)) : undefined;
    },
  };
}
