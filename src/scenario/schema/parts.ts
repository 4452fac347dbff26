import * as z from "zod";
import { listOf, scalarText, text, wholeNumber } from "./spelling.ts";

/** Parts that several sections of a target share. */

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export function command() {
  return listOf(scalarText(), "a command as a list such as [node, server.js]");
}

/** @param what completes "expected …" */
export function status(what?: string) {
  return wholeNumber(100, 599, what);
}

export function requestBody() {
  return z.json({ error: "a text, or a structure that is sent as JSON" });
}

export function jsonPath() {
  return text('a dotted path into the JSON answer, such as "sale.remaining"');
}

export function sqliteFile() {
  return text().describe("The database file. Relative to this file, or begun with a placeholder such as `${data}`.");
}
