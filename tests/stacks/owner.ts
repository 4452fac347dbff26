import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Plan } from "../../src/domain/plan.ts";
import type { RedisNode } from "../../src/stacks/stack.ts";
import { type Place, until } from "./shop.ts";

export interface Owner {
  readonly child: ChildProcess;
  /** Everything that it has printed. */
  said(): string;
  /** Waits for a line that begins so, and returns the rest of it. */
  line(beginning: string): Promise<string>;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  exited(): Promise<void>;
}

export interface UpSays {
  readonly id: string;
  readonly servers: readonly string[];
  readonly redis: readonly RedisNode[];
}

/** Another process that brings up a stack in this place. */
export function startOwner(
  place: Place,
  plan: Plan,
  more: { readonly stays?: boolean; readonly thenExit?: boolean } = {},
): Owner {
  const job = JSON.stringify({ plan, folder: place.folder, stays: false, thenExit: false, ...more });
  const child = spawn(process.execPath, [fileURLToPath(new URL("owner.mjs", import.meta.url)), job], {
    env: { ...process.env, LOCKBENCH_RUNTIME_DIR: place.runtime.folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (part: string) => (output += part));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    child,
    said: () => output,
    line: (beginning) =>
      until(beginning, () => {
        const complete = output.split("\n").slice(0, -1);
        return complete.find((line) => line.startsWith(beginning))?.slice(beginning.length);
      }),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    exited: () => gone,
  };
}

export async function isUp(owner: Owner): Promise<UpSays> {
  return JSON.parse(await owner.line("up ")) as UpSays;
}
