import { connect } from "node:net";
import { environmentError } from "../../domain/errors.ts";

const SAVED_WITHIN_MS = 10_000;
/** Nothing that is answered after the save may be lost by the kill that follows. */
const NO_MORE_WRITES = "CLIENT PAUSE 60000 WRITE\r\n";

/**
 * Has a Redis node write all that it holds to its dump file, and accept no write after that.
 * @throws LockbenchError (exit 5) when it does not say that it has
 */
export async function saveRedis(name: string, port: number): Promise<void> {
  const said = await askTwice(port, `${NO_MORE_WRITES}SAVE\r\n`);
  // A Redis before 6.2 knows no pause of writes alone; then the kill follows the save as closely as can be.
  if (said[1]?.startsWith("+OK") === true) return;
  await askTwice(port, "CLIENT UNPAUSE\r\nPING\r\n");
  throw environmentError("NOT_SAVED", `${name} did not save its data before the kill: SAVE said ${said.join(", ")}`);
}

/** The first lines of what it says to two commands sent in one go. */
function askTwice(port: number, commands: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: SAVED_WITHIN_MS });
    let said = "";
    const end = (lines: readonly string[]): void => {
      socket.destroy();
      resolve(lines);
    };
    const lines = (): string[] => said.split("\r\n").slice(0, -1);
    socket.on("connect", () => socket.write(commands));
    socket.on("data", (part) => {
      said += part.toString("latin1");
      if (lines().length >= 2) end(lines());
    });
    socket.on("timeout", () => {
      end([...lines(), "nothing in time"]);
    });
    socket.on("error", (error) => {
      end([...lines(), error.message]);
    });
    socket.on("close", () => {
      end([...lines(), "nothing: the connection was closed"]);
    });
  });
}
