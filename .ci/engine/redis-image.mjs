import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { must } from "./command.mjs";
import { ensureImage, RECIPE_LABEL } from "./image.mjs";
import { inScratchFolder } from "./scratch.mjs";

export const REDIS_IMAGE = "lockbench/debian-redis:bookworm";

const SUITE = "bookworm";
const PACKAGES = ["redis-server"];
const NOT_NEEDED = ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man"];

/** Debian with its redis-server, from Debian's own mirror instead of a registry. */
export function ensureRedisImage() {
  const recipe = createHash("sha256")
    .update(JSON.stringify([SUITE, PACKAGES, NOT_NEEDED]))
    .digest("hex")
    .slice(0, 16);
  ensureImage(REDIS_IMAGE, recipe, (label) => {
    inScratchFolder("debian", (folder) => {
      const root = join(folder, "root");
      must("debootstrap", ["--variant=minbase", `--include=${PACKAGES.join(",")}`, SUITE, root], {
        quiet: true,
        advice: "it needs root, a Debian mirror, and a file system on which devices can be made",
      });
      for (const path of NOT_NEEDED) rmSync(join(root, path), { recursive: true, force: true });
      const tarball = join(folder, "root.tar");
      must("tar", ["-C", root, "-cf", tarball, "."]);
      const changes = [`LABEL ${RECIPE_LABEL}=${label}`, 'CMD ["redis-server"]'];
      must("docker", ["import", ...changes.flatMap((change) => ["--change", change]), tarball, REDIS_IMAGE]);
    });
  });
}
