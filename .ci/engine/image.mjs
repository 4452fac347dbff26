import { performance } from "node:perf_hooks";
import { ask, say } from "./command.mjs";

/** Carries what an image was made from, so that it is made again exactly when that changes. */
export const RECIPE_LABEL = "dev.lockbench.recipe";

const RECIPE = `{{index .Config.Labels "${RECIPE_LABEL}"}}`;

/** Makes an image, unless the engine has it from the same recipe. */
export function ensureImage(name, recipe, make) {
  if (inspect(name, RECIPE) === recipe) return say(`${name} is there`);
  const before = imageId(name);
  const began = performance.now();
  make(recipe);
  say(`${name} made in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  // The engine refuses while something is still made of it.
  if (before !== undefined && before !== imageId(name)) ask("docker", ["image", "rm", before]);
}

/** Undefined when the engine does not have the image. */
export function imageId(name) {
  return inspect(name, "{{.Id}}");
}

function inspect(name, format) {
  return ask("docker", ["image", "inspect", "--format", format, name]);
}
