import type { WireReply } from "../../../domain/wire.ts";
import { type Given, NIL, type Value, parts, plain } from "./values.ts";

/** Words that the tap has cut. */
const CUT = /… \(\d+ bytes\)$/;

/** Whether a script that ends with this value in one call may have been answered so by Redis. */
export function mayAnswer(value: Value, reply: WireReply, given: Given): boolean {
  switch (value.is) {
    case "nil":
      return isNothing(reply);
    case "boolean":
      return value.value ? reply === 1 || reply === true : isNothing(reply);
    case "number":
      return reply === Math.trunc(value.value);
    case "status":
      return reply === value.text;
    case "between":
      return typeof reply === "number" && reply > value.below && reply < value.above;
    case "text":
    case "given":
    case "made":
      return mayBe(value, reply, given);
    case "found":
      return typeof reply === "string";
    case "digits":
      return isNothing(reply) || (typeof reply === "string" && /^\d+$/.test(reply));
    case "list":
      return Array.isArray(reply);
    case "table":
      return tableMayAnswer(value, reply, given);
    case "several":
      return mayAnswer(value.values[0] ?? NIL, reply, given);
    case "anything":
    case "derived":
      return true;
    default:
      return false;
  }
}

/** True for a value that Redis answers as an error. */
export function isError(value: Value): boolean {
  return value.is === "table" && value.named["err"] !== undefined;
}

function tableMayAnswer(value: Value & { readonly is: "table" }, reply: WireReply, given: Given): boolean {
  const { ok, err } = value.named;
  if (err !== undefined) return reply !== null && typeof reply === "object" && "error" in reply;
  if (ok !== undefined) return mayAnswer(ok, reply, given);
  if (!Array.isArray(reply)) return false;
  const replies = reply as readonly WireReply[];
  // Redis ends a list before its first nil.
  const end = value.items.findIndex((item) => item.is === "nil");
  const items = end < 0 ? value.items : value.items.slice(0, end);
  const open = items.some(({ is }) => is === "anything" || is === "derived" || is === "digits");
  if (!open && items.length !== replies.length) return false;
  return replies.every((part, place) => {
    const item = items[place];
    return item !== undefined && mayAnswer(item, part, given);
  });
}

function mayBe(value: Value, reply: WireReply, given: Given): boolean {
  if (typeof reply === "string" && CUT.test(reply)) return true;
  const known = plain(value, given);
  if (known === null) return isNothing(reply);
  if (typeof known === "number") return reply === Math.trunc(known);
  if (known !== undefined) return reply === known;
  if (value.is === "made" && value.by === "..") return typeof reply === "string" && matches(reply, parts(value, given));
  return true;
}

/** Whether a text may consist of these parts, of which some are not known. */
export function matches(text: string, of: readonly (string | undefined)[]): boolean {
  const pattern = of.map((part) => (part === undefined ? "[\\s\\S]*" : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")));
  return new RegExp(`^${pattern.join("")}$`).test(text);
}

function isNothing(reply: WireReply): boolean {
  return reply === null || reply === false;
}
