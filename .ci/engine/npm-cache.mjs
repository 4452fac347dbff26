import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/setup/run.mjs";
import { must } from "./command.mjs";
import { inScratchFolder } from "./scratch.mjs";

/** Where the image has it. */
export const CACHE = "/var/cache/npm";

const NATIVE = "better-sqlite3";
const BINARY = "build/Release/better_sqlite3.node";

const require = createRequire(join(ROOT, "package.json"));
const nativeFolder = () => dirname(require.resolve(`${NATIVE}/package.json`));

export const nativeBinary = () => join(nativeFolder(), BINARY);

/** Fills an npm cache from which `npm ci` installs compose/app without network and without a compiler. */
export function fillCache(folder) {
  mkdirSync(folder, { recursive: true });
  inScratchFolder("packages", (work) => {
    cpSync(join(ROOT, "compose/app"), work, { recursive: true });
    must("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", folder], {
      cwd: work,
      quiet: true,
      advice: "it needs the npm registry",
    });
  });
  const tarball = join(folder, "_prebuilds", prebuiltName());
  mkdirSync(dirname(tarball), { recursive: true });
  must("tar", ["-C", nativeFolder(), "-czf", tarball, BINARY]);
}

/** The name under which better-sqlite3's installer looks for its binary before it downloads it. */
function prebuiltName() {
  const installer = createRequire(join(nativeFolder(), "package.json"));
  const { getDownloadUrl, cachedPrebuild } = installer("prebuild-install/util");
  const url = getDownloadUrl({
    pkg: require(`${NATIVE}/package.json`),
    platform: process.platform,
    arch: process.arch,
    "tag-prefix": "v",
  });
  return cachedPrebuild(url).split("/").at(-1);
}
