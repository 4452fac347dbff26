import type { Host } from "../host/host.ts";
import { diskSpace } from "./disk.ts";
import { dockerEngine } from "./docker.ts";
import { leftovers } from "./leftovers.ts";
import { cores, fileDescriptors, nodeVersion, serverPort } from "./machine.ts";
import { redisServer } from "./redis.ts";
import { type DoctorReport, reportOf } from "./report.ts";
import { resultsDatabase } from "./results.ts";

export interface DoctorOptions {
  readonly host: Pick<Host, "env" | "clock" | "chance" | "processes">;
  /** Where records are kept; it need not exist yet. */
  readonly resultsFolder: string;
  /** The folder of lockbench's own package.json. */
  readonly packageFolder: string;
  /** How many buyers at once this machine should bear. */
  readonly users?: number;
}

const USERS = 300;

/** Looks at everything that lockbench needs on this machine. Changes nothing, and stops nothing. */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const { host, resultsFolder, packageFolder } = options;
  const engine = await dockerEngine(host.env, packageFolder);
  return reportOf([
    nodeVersion(packageFolder),
    await redisServer(host.env, engine[0]?.health === "ok"),
    ...engine,
    await serverPort(host.processes),
    fileDescriptors(options.users ?? USERS),
    cores(),
    ...diskSpace(resultsFolder),
    await leftovers(host),
    await resultsDatabase(resultsFolder),
  ]);
}
