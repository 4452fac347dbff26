import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { Clock } from "../../../host/clock.ts";
import type { ComposeService } from "../compose/project.ts";
import { buildImage } from "./build.ts";
import type { ImageFacts } from "./container-options.ts";
import { engineError, unlessGone } from "./engine-error.ts";
import { pullImage } from "./pull.ts";
import { rareLines } from "./rare-lines.ts";

export interface ImageOrder {
  readonly docker: Dockerode;
  /** For images that have no name of their own. */
  readonly project: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Has each image pulled or built once, however many services use it. */
export function imageMaker(order: ImageOrder): (service: ComposeService) => Promise<ImageFacts> {
  const making = new Map<string, Promise<ImageFacts>>();
  return (service) => {
    const key = JSON.stringify([imageName(order.project, service), service.build, service.pullPolicy]);
    const known = making.get(key) ?? makeImage(order, service);
    making.set(key, known);
    return known;
  };
}

function imageName(project: string, { image, name }: ComposeService): string {
  return image ?? `${project}-${name}`;
}

async function makeImage(order: ImageOrder, service: ComposeService): Promise<ImageFacts> {
  const { docker, signal, clock } = order;
  const { pullPolicy, build } = service;
  const name = imageName(order.project, service);
  const present = await inspect(docker, name);
  const renewed = pullPolicy === "always" || pullPolicy === "build";
  if (present !== undefined && !renewed) return factsOf(present, name);
  const progress = rareLines(clock, order.progress);
  signal.throwIfAborted();
  if (build !== null) await buildImage({ docker, service, build, name, signal, progress });
  else if (pullPolicy === "never") throw notThere(name, service);
  else await pullImage(docker, name, signal, progress);
  const made = await inspect(docker, name);
  if (made === undefined) throw notThere(name, service);
  return factsOf(made, name);
}

function notThere(name: string, { name: service, at }: ComposeService): Error {
  return environmentError("NO_IMAGE", `image ${name} of ${service}: expected it on this engine, found it is not`, {
    hint: `type \`docker pull ${name}\`, or change image or pull_policy (${at})`,
  });
}

async function inspect(docker: Dockerode, name: string): Promise<Dockerode.ImageInspectInfo | undefined> {
  return unlessGone(docker.getImage(name).inspect()).catch((error: unknown) => {
    throw engineError(`image ${name} cannot be looked at`, error);
  });
}

function factsOf(image: Dockerode.ImageInspectInfo, name: string): ImageFacts {
  // The engine says null where an image has none.
  const config = image.Config as { readonly Entrypoint?: string | string[] | null } | null;
  const entrypoint = config?.Entrypoint ?? [];
  return { name, entrypoint: typeof entrypoint === "string" ? [entrypoint] : entrypoint };
}
