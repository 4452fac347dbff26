/** How the replies to a command differ from one reply after the other. */
export type Special =
  | "multi"
  | "exec"
  | "discard"
  | "hello"
  | "reset"
  | "monitor"
  | "quit"
  | "subscribe"
  | "unsubscribe"
  | "client"
  | "replication";

/** What subscriptions are to: each kind has names of its own. */
export type Topic = "channel" | "pattern" | "shard";

const SPECIALS: ReadonlyMap<string, Special> = new Map<string, Special>([
  ["MULTI", "multi"],
  ["EXEC", "exec"],
  ["DISCARD", "discard"],
  ["HELLO", "hello"],
  ["RESET", "reset"],
  ["MONITOR", "monitor"],
  ["QUIT", "quit"],
  ["SUBSCRIBE", "subscribe"],
  ["PSUBSCRIBE", "subscribe"],
  ["SSUBSCRIBE", "subscribe"],
  ["UNSUBSCRIBE", "unsubscribe"],
  ["PUNSUBSCRIBE", "unsubscribe"],
  ["SUNSUBSCRIBE", "unsubscribe"],
  ["CLIENT", "client"],
  ["SYNC", "replication"],
  ["PSYNC", "replication"],
  ["REPLCONF", "replication"],
]);

export function specialOf(name: string): Special | null {
  return SPECIALS.get(name) ?? null;
}

/** What a command of subscriptions is about: PSUBSCRIBE is about patterns. */
export function topicOf(name: string): Topic {
  if (name.startsWith("P")) return "pattern";
  return name === "SUBSCRIBE" || name === "UNSUBSCRIBE" ? "channel" : "shard";
}

/** The first element of what is sent to subscribers. */
export function isMessage(first: unknown): boolean {
  return first === "message" || first === "pmessage" || first === "smessage";
}
