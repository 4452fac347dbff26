import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SetupError } from "../../scripts/setup/run.mjs";
import { ask, must } from "./command.mjs";
import { ensureImage, imageId, RECIPE_LABEL } from "./image.mjs";
import { CACHE, fillCache, nativeBinary } from "./npm-cache.mjs";
import { REDIS_IMAGE } from "./redis-image.mjs";
import { inScratchFolder } from "./scratch.mjs";

export const NODE_IMAGE = "lockbench/debian-node:bookworm";

const DOCKERFILE = `FROM ${REDIS_IMAGE}
COPY root /
ENV npm_config_cache=${CACHE} npm_config_offline=true
CMD ["node"]
`;

/** The same Debian with this machine's own Node and npm, and a cache from which npm installs the server's packages. */
export function ensureNodeImage() {
  ensureImage(NODE_IMAGE, recipeOf(npmFolder()), (label) => {
    inScratchFolder("node", (folder) => {
      const root = join(folder, "root");
      layOutNode(root);
      fillCache(join(root, CACHE));
      writeFileSync(join(folder, "Dockerfile"), DOCKERFILE);
      // What BuildKit would bring is not needed, and Debian's engine does not have it.
      const env = { ...process.env, DOCKER_BUILDKIT: "0" };
      must("docker", ["build", "--label", `${RECIPE_LABEL}=${label}`, "--tag", NODE_IMAGE, folder], {
        env,
        quiet: true,
      });
      must("docker", ["run", "--rm", "--network", "none", NODE_IMAGE, "npm", "--version"], {
        quiet: true,
        advice: `this machine's ${process.execPath} does not run on Debian bookworm`,
      });
    });
  });
}

function layOutNode(root) {
  const bin = join(root, "usr/local/bin");
  const modules = join(root, "usr/local/lib/node_modules");
  mkdirSync(bin, { recursive: true });
  mkdirSync(modules, { recursive: true });
  copyFileSync(process.execPath, join(bin, "node"));
  cpSync(npmFolder(), join(modules, "npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
}

function npmFolder() {
  const modules = ask("npm", ["root", "--global"]);
  if (modules === undefined) throw new SetupError("no npm: expected it on PATH, beside node");
  return join(modules, "npm");
}

function recipeOf(npm) {
  const files = [
    join(ROOT, "compose/app/package.json"),
    join(ROOT, "compose/app/package-lock.json"),
    join(npm, "package.json"),
    nativeBinary(),
    ...["node-image.mjs", "npm-cache.mjs"].map((name) => join(import.meta.dirname, name)),
  ];
  const hash = createHash("sha256").update(JSON.stringify([imageId(REDIS_IMAGE), process.version, process.arch]));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
