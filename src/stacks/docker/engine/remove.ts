import { environmentError } from "../../../domain/errors.ts";
import type { EngineConnection } from "./connect.ts";
import { engineError, statusOf, unlessGone } from "./engine-error.ts";
import { untilRemoved } from "./until-removed.ts";
import { type Labelled, type LabelledContainer, listLabelled } from "./list.ts";

/** Something may have been made, or still have been in use, while the rest was removed. */
const PASSES = 3;

/**
 * Removes every container, network and volume with a label, and nothing else.
 * Those that depend on others go first. Others may do the same at this moment.
 * @param label `key=value`
 * @param options.graceful containers are asked to stop and given their time; otherwise they are killed
 * @returns their names
 * @throws LockbenchError (exit 5, code NOT_REMOVED) when something with the label is used by something without it
 */
export async function removeLabelled(
  connection: EngineConnection,
  label: string,
  options: { readonly graceful: boolean },
): Promise<string[]> {
  const removed = new Set<string>();
  let refusals: unknown[] = [];
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const found = await listLabelled(connection, label);
    if (isEmpty(found)) return [...removed];
    await removeContainers(connection, found.containers, options.graceful);
    refusals = await removeRest(connection, found);
    for (const name of namesOf(found)) removed.add(name);
  }
  const left = await listLabelled(connection, label);
  if (isEmpty(left)) return [...removed];
  throw environmentError(
    "NOT_REMOVED",
    `clean-up: expected nothing with the label ${label} to be left, found ${namesOf(left).join(", ")}: ${engineError("removing it", refusals[0]).message}`,
    { hint: "look who uses it (`docker ps -a`), and type `lockbench down` again", cause: refusals[0] },
  );
}

async function removeContainers(
  { docker }: EngineConnection,
  containers: readonly LabelledContainer[],
  graceful: boolean,
): Promise<void> {
  const waves = [...new Set(containers.map(({ wave }) => wave))].sort((one, other) => other - one);
  const remove = async ({ id, name, state }: LabelledContainer): Promise<void> => {
    const container = docker.getContainer(id);
    try {
      if (graceful && state !== "created" && state !== "exited") await unlessGone(container.stop());
      await unlessGone(container.remove({ force: true, v: true }));
    } catch (error) {
      if (!isBeingRemoved(error)) throw engineError(`container ${name} cannot be removed`, error);
      await untilRemoved(container);
    }
  };
  const inOrder = graceful ? waves : [undefined];
  for (const wave of inOrder) {
    await Promise.all(containers.filter((one) => wave === undefined || one.wave === wave).map(remove));
  }
}

/** @returns why some of them are still there */
async function removeRest({ docker }: EngineConnection, { networks, volumes }: Labelled): Promise<unknown[]> {
  const attempts = await Promise.allSettled([
    ...networks.map(({ id }) => unlessGone<unknown>(docker.getNetwork(id).remove())),
    ...volumes.map((name) => unlessGone<unknown>(docker.getVolume(name).remove())),
  ]);
  return attempts.flatMap((attempt): unknown[] => (attempt.status === "rejected" ? [attempt.reason] : []));
}

function isBeingRemoved(error: unknown): boolean {
  return statusOf(error) === 409;
}

function isEmpty(found: Labelled): boolean {
  return namesOf(found).length === 0;
}

function namesOf({ containers, networks, volumes }: Labelled): string[] {
  return [...containers.map(({ name }) => name), ...networks.map(({ name }) => name), ...volumes];
}
