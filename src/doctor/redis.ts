import { execa } from "execa";
import { messageOf } from "../domain/errors.ts";
import type { Environment } from "../host/programs.ts";
import { findRedisProgram, redisInstallHint } from "../stacks/local/redis-program.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "Redis server";
const ASK_WITHIN_MS = 5000;

/** Without a Redis server there is no local stack; with a Docker engine there is still the one in containers. */
export async function redisServer(env: Environment, hasEngine: boolean): Promise<DoctorLine> {
  const program = findRedisProgram(env);
  if (program === undefined) {
    return {
      name: NAME,
      health: hasEngine ? "warn" : "missing",
      found: "neither redis-server nor valkey-server on PATH",
      advice: redisInstallHint(env),
    };
  }
  try {
    const { stdout } = await execa(program, ["--version"], { stdin: "ignore", timeout: ASK_WITHIN_MS });
    return { name: NAME, health: "ok", found: `${program} ${/v=(\S+)/.exec(stdout)?.[1] ?? stdout}` };
  } catch (error) {
    return {
      name: NAME,
      health: "missing",
      found: `${program} does not run: ${messageOf(error)}`,
      advice: redisInstallHint(env),
    };
  }
}
