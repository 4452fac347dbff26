import { ConfigError, readConfig, type ShopConfig } from "./config.ts";
import type { ShopParts } from "./parts.ts";
import { type Shop, startShop } from "./shop.ts";

const EXIT_FAILED = 1;
const EXIT_MISCONFIGURED = 2;

/** Runs a shop as a process: configured by the environment, stopped by SIGTERM or SIGINT. */
export async function serve(parts: ShopParts, host: NodeJS.Process): Promise<void> {
  const complain = (line: string): void => void host.stderr.write(`${line}\n`);
  const config = configFrom(host, complain);
  if (config === undefined) return;
  try {
    const shop = await startShop(parts, config, complain);
    host.stdout.write(`listening on ${shop.url} (lock ${config.lock}, database ${config.database})\n`);
    stopOnSignal(shop, host, complain);
  } catch (error) {
    complain(`inventory server: cannot start: ${reason(error, config)}`);
    host.exitCode = EXIT_FAILED;
  }
}

function configFrom(host: NodeJS.Process, complain: (line: string) => void): ShopConfig | undefined {
  try {
    return readConfig(host.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(`inventory server: bad configuration: ${error.message}`);
    host.exitCode = EXIT_MISCONFIGURED;
    return undefined;
  }
}

function stopOnSignal(shop: Shop, host: NodeJS.Process, complain: (line: string) => void): void {
  const stop = (): void => {
    shop.stop().catch((error: unknown) => {
      complain(`inventory server: stopping: ${error instanceof Error ? error.message : String(error)}`);
      host.exitCode = EXIT_FAILED;
    });
  };
  host.on("SIGTERM", stop);
  host.on("SIGINT", stop);
}

function reason(error: unknown, config: ShopConfig): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") return `port ${String(config.port)} on ${config.host} is taken`;
  if (code === "" || code.startsWith("SQLITE")) return `database ${config.database}: ${message}`;
  return message;
}
