/**
 * The wire tap: a process that stands between servers and Redis nodes, so that
 * what it does costs neither of them a core.
 */
import { messageOf } from "../domain/errors.ts";
import type { TapOptions } from "./protocol.ts";
import { openTap } from "./tap.ts";

const EXIT_ENVIRONMENT = 5;

try {
  const options = JSON.parse(process.argv[2] ?? "null") as TapOptions;
  const tap = await openTap(options, { nowNs: () => process.hrtime.bigint(), random: () => Math.random() });
  const end = (): void => {
    tap.end().catch(fail);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  const ports = options.links.map(({ listen }) => listen).join(", ");
  process.stdout.write(`tap: listening on 127.0.0.1, ports ${ports}, control ${String(options.control)}\n`);
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  process.stderr.write(`tap: ${messageOf(error)}\n`);
  process.exitCode = EXIT_ENVIRONMENT;
}
