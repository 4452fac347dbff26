import * as z from "zod";
import { listOf, oneForm, parsed, text } from "./spelling.ts";

const A_HOST = 'a host and its address such as "db:10.0.0.5"';

const entry = parsed(A_HOST, (value) => {
  const [, host, address] = typeof value === "string" ? (/^([^:=\s]+)[:=](\S+)$/.exec(value) ?? []) : [];
  return host === undefined || address === undefined ? undefined : `${host}:${withoutBrackets(address)}`;
});

function withoutBrackets(address: string): string {
  return address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
}

/** Read into `host:address` pairs, as the engine takes them. */
export const extraHostsSchema = oneForm<readonly string[]>(`a mapping of hosts to addresses, or a list of texts`, {
  list: listOf(entry, "a list"),
  mapping: z
    .record(z.string(), text("an address"))
    .transform((hosts) => Object.entries(hosts).map(([host, address]) => `${host}:${withoutBrackets(address)}`)),
});
