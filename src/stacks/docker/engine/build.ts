import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { ComposeBuild, ComposeService } from "../compose/project.ts";
import type { RareLines } from "./rare-lines.ts";

export interface BuildOrder {
  readonly docker: Dockerode;
  readonly service: ComposeService;
  readonly build: ComposeBuild;
  readonly name: string;
  /** The image that has the name now. */
  readonly present: Dockerode.ImageInspectInfo | undefined;
  readonly signal: AbortSignal;
  readonly progress: RareLines;
}

export async function buildImage({ service, present }: BuildOrder): Promise<Dockerode.ImageInspectInfo> {
  if (present !== undefined) return Promise.resolve(present);
  throw environmentError("BUILD_FAILED", `${service.name}: cannot be built yet`);
}
