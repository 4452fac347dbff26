import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { ComposeNetwork, ComposeVolume } from "../compose/project.ts";
import { engineError, saidBy, statusOf, unlessGone } from "./engine-error.ts";

type Labels = Readonly<Record<string, string>>;

/** @throws LockbenchError (exit 5) when an external one is not there, or somebody else's has the name */
export async function makeNetwork(docker: Dockerode, network: ComposeNetwork, labels: Labels): Promise<void> {
  const { name, driver, internal, external } = network;
  if (external) {
    if ((await unlessGone(docker.getNetwork(name).inspect())) === undefined) throw notThere("network", name);
    return;
  }
  try {
    await docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Internal: internal,
      Labels: { ...network.labels, ...labels },
      ...(driver === null ? {} : { Driver: driver }),
    });
  } catch (error) {
    if (statusOf(error) === 409) {
      // One of this very stack's, from an earlier call, will do.
      const found = await unlessGone(docker.getNetwork(name).inspect());
      if (carries(found?.Labels, { ...network.labels, ...labels })) return;
      throw nameTaken("network", name);
    }
    throw engineError(`network ${name} cannot be made`, error, adviceFor(saidBy(error)));
  }
}

/** @throws LockbenchError (exit 5) when an external one is not there, or somebody else's has the name */
export async function makeVolume(docker: Dockerode, volume: ComposeVolume, labels: Labels): Promise<void> {
  const { name, driver, external } = volume;
  if (external) {
    if ((await unlessGone(docker.getVolume(name).inspect())) === undefined) throw notThere("volume", name);
    return;
  }
  const wanted: Labels = { ...volume.labels, ...labels };
  const options = { Name: name, Labels: { ...wanted }, ...(driver === null ? {} : { Driver: driver }) };
  await docker.createVolume(options).catch((error: unknown) => {
    throw engineError(`volume ${name} cannot be made`, error);
  });
  // The engine hands out the one that is there already, with somebody's data in it.
  const found = await docker.getVolume(name).inspect();
  if (!carries(found.Labels, wanted)) throw nameTaken("volume", name);
}

/** `all predefined address pools have been fully subnetted`, `could not find an available, non-overlapping IPv4 address pool`. */
function adviceFor(said: string): string {
  return said.includes("address pool")
    ? "its addresses are used up: remove networks that nobody needs (`docker network ls`)"
    : "look at networks in the Compose file";
}

/** The engine says null for none. */
function carries(labels: Labels | null | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

function notThere(kind: string, name: string): Error {
  return environmentError(
    `NO_${kind.toUpperCase()}`,
    `${kind} ${name}: expected it to be there (external: true), found none`,
    { hint: `type: docker ${kind} create ${name}` },
  );
}

function nameTaken(kind: string, name: string): Error {
  return environmentError(
    `${kind.toUpperCase()}_TAKEN`,
    `${kind} ${name} cannot be made: expected a free name, found one that somebody else made`,
    { hint: `remove it (docker ${kind} rm ${name}), or choose another name for the project` },
  );
}
