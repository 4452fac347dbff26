import { environmentError } from "../../domain/errors.ts";
import { codeOf } from "./connection.ts";

const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: "Raise the limit with `ulimit -n 65536`, or run fewer buyers.",
  ENFILE: "Raise fs.file-max, or run fewer buyers.",
  EADDRNOTAVAIL: "Widen net.ipv4.ip_local_port_range, wait for old connections to expire, or run fewer buyers.",
};

/** The error that ends a run when it is this machine that has no room for another connection: no server's fault. */
export function exhaustion(error: Error): Error | undefined {
  const code = codeOf(error);
  const hint = LIMITS[code];
  if (hint === undefined) return undefined;
  return environmentError("TOO_MANY_CONNECTIONS", `The load could not connect: this machine said ${code}`, {
    hint,
    cause: error,
  });
}
