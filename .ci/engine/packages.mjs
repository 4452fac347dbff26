import { find, SetupError } from "../../scripts/setup/run.mjs";
import { must } from "./command.mjs";

/** The Debian package of each program. */
const PACKAGES = {
  docker: "docker.io",
  dockerd: "docker.io",
  "docker-compose": "docker-compose",
  debootstrap: "debootstrap",
  "cgroupfs-mount": "cgroupfs-mount",
};

/** Sees to it that programs are on PATH. Only root on a system with apt-get can install what is missing. */
export function ensurePrograms(programs) {
  const missing = programs.filter((program) => find(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => PACKAGES[program]))];
  if (process.getuid?.() !== 0 || find("apt-get") === undefined) {
    throw new SetupError(`not on PATH: ${missing.join(", ")}; type: sudo apt-get install ${packages.join(" ")}`);
  }
  // RUNLEVEL keeps the package from starting a service: what is started here is stopped by whoever asked for it.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = () =>
    must("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env, quiet: true });
  try {
    install();
  } catch (error) {
    // Lists that are missing or stale are the usual reason.
    if (!(error instanceof SetupError)) throw error;
    must("apt-get", ["update"], { quiet: true });
    install();
  }
}
