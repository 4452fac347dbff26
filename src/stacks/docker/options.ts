import type { Runtime } from "../sessions/runtime.ts";

export interface DockerStackOptions {
  readonly runtime: Runtime;
  /** The folder of this package: it holds the Compose files, and is what the server's image is built from. */
  readonly lockbench: string;
  /** Becomes the tag of that image. */
  readonly version: string;
  /** Told which stack that is up is used, or is not. */
  readonly note: (line: string) => void;
}
