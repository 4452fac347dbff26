import type { Runtime } from "../sessions/runtime.ts";

export interface LocalStackOptions {
  readonly runtime: Runtime;
  /** The folder that `${lockbench}` stands for: the root of this package. */
  readonly lockbench: string;
  /** Told which stack that is up is used, or is not. */
  readonly note: (line: string) => void;
}
