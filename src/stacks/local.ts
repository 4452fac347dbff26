import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { systemHost } from "../host/host.ts";
import { attachLocal } from "./local/attach.ts";
import { bringUp } from "./local/bring-up.ts";
import type { LocalStackOptions } from "./local/options.ts";
import { runtimeOf } from "./sessions/runtime.ts";
import type { StackProvider } from "./stack.ts";

/** Redis and the servers as processes of this machine, on 127.0.0.1. */
export function createLocalStack(given: Partial<LocalStackOptions> = {}): StackProvider {
  const options: LocalStackOptions = {
    runtime: given.runtime ?? runtimeOf(systemHost()),
    lockbench: given.lockbench ?? packageRoot(),
    note: given.note ?? (() => undefined),
  };
  return {
    name: "local",
    up: (plan, up) => bringUp(options, plan, { ...up, folder: realpathSync(up.folder) }),
    attach: (plan, up) => attachLocal(options, plan, realpathSync(up.folder)),
  };
}

/** The same from src/stacks and from dist/stacks. */
function packageRoot(): string {
  return fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
}
