import type { WireCommand, WireReply } from "../../domain/wire.ts";
import type { Effect } from "./lock-op.ts";

/** Errors after which a command has certainly done nothing. Any other error may strike a script half-way. */
const DID_NOTHING =
  /^(NOSCRIPT|LOADING|READONLY|NOAUTH|NOPERM|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|OOM|WRONGTYPE|EXECABORT)\b/;
/** How errors look that struck a script, as opposed to those that it answers with. */
const STRUCK =
  /user_script|Error running script|^(BUSY|UNKILLABLE|TRYAGAIN|NOREPLICAS|MISCONF)\b|^ERR (max|unknown|wrong|Protocol)/;

/**
 * Whether a command had its effect. What was not passed on had none; of what was not answered nobody knows.
 * @param succeeded what the reply tells, where there is one that is no error
 */
export function effectOf(command: WireCommand, succeeded: (reply: WireReply | null) => Effect): Effect {
  if (command.forwardedAt === null) return "no";
  if (command.repliedAt === null) return "unknown";
  return errorOf(command.reply) === undefined ? succeeded(command.reply) : "no";
}

/** The same for a script, where that can be told without reading it; null where it was executed to one of its ends. */
export function effectUnread(command: WireCommand): Effect | null {
  if (command.forwardedAt === null) return "no";
  if (command.repliedAt === null) return "unknown";
  const error = errorOf(command.reply);
  if (error === undefined || declined(command)) return null;
  return DID_NOTHING.test(error) && !error.includes("user_script") ? "no" : "unknown";
}

/** True when a script answered with an error of its own: aioredlock says so that a lock is taken. */
export function declined({ words, reply }: WireCommand): boolean {
  const error = errorOf(reply);
  return (
    error !== undefined && words[0]?.startsWith("EVAL") === true && !DID_NOTHING.test(error) && !STRUCK.test(error)
  );
}

/** A positive number, "OK", or a list that begins with one of these, says yes. Nothing, zero and an empty list say no. */
export function plainSuccess(reply: WireReply | null): Effect {
  if (Array.isArray(reply)) return plainSuccess((reply as readonly WireReply[])[0] ?? null);
  if (reply === null || reply === false || reply === 0 || reply === "0") return "no";
  if (reply === true || reply === "OK" || Number(reply) > 0) return "yes";
  return typeof reply === "number" ? "no" : "unknown";
}

function errorOf(reply: WireReply | null): string | undefined {
  return reply !== null && typeof reply === "object" && "error" in reply ? reply.error : undefined;
}
