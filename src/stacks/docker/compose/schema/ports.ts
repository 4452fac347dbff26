import { isIP } from "node:net";
import * as z from "zod";
import type { ComposePort } from "../project.ts";
import { listOf, mapping, oneForm, oneOf, parsed, wholeNumber } from "./spelling.ts";

type Range = readonly [first: number, last: number];

const LAST_PORT = 65_535;
const A_PORT = 'a port such as 8080, "8080:80", "127.0.0.1:8080:80/udp" or "3000-3005:3000-3005"';

/** `[[address:]published:]target[/protocol]`, where both may be ranges; undefined for anything else. */
function parsePort(short: string): readonly ComposePort[] | undefined {
  const [ports = "", protocol = "tcp", ...more] = short.split("/");
  if (more.length > 0 || !isProtocol(protocol)) return undefined;
  const { before, last } = cutAtLastColon(ports);
  const targets = parseRange(last);
  if (targets === undefined || targets[0] === 0) return undefined;
  const host = cutAtLastColon(before ?? "");
  const hostAddress = parseAddress(host.before ?? "");
  const published = parsePublished(host.last);
  if (hostAddress === undefined || published === undefined) return undefined;
  return pair(targets, published)?.map(([containerPort, hostPorts]) => ({
    containerPort,
    protocol,
    hostAddress,
    hostPorts,
  }));
}

function cutAtLastColon(text: string): { readonly before: string | undefined; readonly last: string } {
  const colon = text.lastIndexOf(":");
  return { before: colon < 0 ? undefined : text.slice(0, colon), last: text.slice(colon + 1) };
}

function isProtocol(text: string): text is ComposePort["protocol"] {
  return text === "tcp" || text === "udp";
}

function parseAddress(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  return bare === "" || isIP(bare) > 0 ? bare : undefined;
}

/** null where the engine chooses: nothing or port 0. */
function parsePublished(text: string): Range | null | undefined {
  if (text === "" || text === "0") return null;
  const range = parseRange(text);
  return range?.[0] === 0 ? undefined : range;
}

/** `80` or `3000-3005`. */
function parseRange(text: string): Range | undefined {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range: Range = [Number(first), Number(last ?? first)];
  return range[0] <= range[1] && range[1] <= LAST_PORT ? range : undefined;
}

/** One target may choose from a range; several want as many ports of the host. */
function pair(targets: Range, published: Range | null): (readonly [number, Range | null])[] | undefined {
  const [first, last] = targets;
  if (first === last) return [[first, published]];
  if (published !== null && published[1] - published[0] !== last - first) return undefined;
  return Array.from({ length: last - first + 1 }, (_, offset) => {
    const port = published === null ? null : published[0] + offset;
    return [first + offset, port === null ? null : [port, port]];
  });
}

const shortPort = parsed(A_PORT, (value) => parsePort(String(value)));

const longPort = mapping({
  target: wholeNumber(1, LAST_PORT),
  published: parsed('a port or a range of ports such as 8080 or "8080-8090"', (value) =>
    typeof value === "string" || typeof value === "number" ? parsePublished(String(value)) : undefined,
  ).optional(),
  host_ip: parsed("an IP address", (value) => (typeof value === "string" ? parseAddress(value) : undefined)).optional(),
  protocol: oneOf(["tcp", "udp"]).prefault("tcp"),
  // Both mean the same where there is no swarm.
  mode: oneOf(["host", "ingress"]).optional(),
}).transform(({ target, published, host_ip, protocol }): readonly ComposePort[] => [
  { containerPort: target, protocol, hostAddress: host_ip ?? "", hostPorts: published ?? null },
]);

export const portsSchema = listOf(
  oneForm<readonly ComposePort[]>(A_PORT, { text: shortPort, mapping: longPort }),
  "a list of ports",
).transform((ports) => distinct(ports.flat()));

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

const exposed = parsed('a port such as 6379, "6379/udp" or "3000-3005"', (value) =>
  typeof value === "string" || typeof value === "number" ? parseExposed(String(value)) : undefined,
);

function parseExposed(text: string): readonly string[] | undefined {
  return text.includes(":")
    ? undefined
    : parsePort(text)?.map(({ containerPort, protocol }) => `${String(containerPort)}/${protocol}`);
}

export const exposeSchema = z
  .array(exposed, { error: "a list of ports" })
  .transform((ports) => [...new Set(ports.flat())]);
