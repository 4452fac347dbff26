import type { WireReply } from "../../domain/wire.ts";
import { Illegible } from "./frames.ts";
import { LONGEST_TEXT, textOf } from "./text.ts";

/**
 * The value of a reply that is one line. Numbers that JavaScript cannot hold exactly stay texts.
 * @throws Illegible for a type that RESP does not know
 */
export function scalarOf(type: string, bytes: Buffer, from: number, to: number): WireReply {
  const text = textOf(bytes, from, Math.min(to, from + LONGEST_TEXT), to - from);
  switch (type) {
    case "+":
    case "(":
      return text;
    case "-":
      return { error: text };
    case ":":
      return integerOf(text);
    case ",":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "#":
      return text === "t";
    case "_":
      return null;
    default:
      throw new Illegible(`a reply of an unknown type, ${JSON.stringify(type + text.slice(0, 20))}`);
  }
}

function integerOf(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) throw new Illegible(`expected a number, found ${JSON.stringify(text.slice(0, 20))}`);
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
