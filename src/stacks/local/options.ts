import type { Runtime } from "../sessions/runtime.ts";

export interface LocalStackOptions {
  readonly runtime: Runtime;
  /** The folder that `${lockbench}` stands for: the root of this package. */
  readonly lockbench: string;
}
