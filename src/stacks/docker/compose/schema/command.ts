import { splitWords } from "../split-words.ts";
import { listOf, oneForm, parsed } from "./spelling.ts";
import * as z from "zod";

const A_COMMAND = "a command as a text, with every quote closed, or as a list of texts";

/** null leaves what the image says; nothing at all clears it. */
export const commandSchema = oneForm<readonly string[]>(A_COMMAND, {
  text: parsed(A_COMMAND, (value) => (typeof value === "string" ? splitWords(value) : undefined)),
  list: listOf(z.string({ error: "a text" }), "a list"),
}).nullable();
