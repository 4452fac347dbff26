import * as z from "zod";
import { listOf, mapping, oneForm, parsed, flag, scalarText, text } from "./spelling.ts";

/** null takes the value of the variable of that name from the surroundings. */
export type Variables = Readonly<Record<string, string | null>>;

const AN_ENTRY = 'an entry such as "KEY=value" or "KEY"';

const entry = parsed(AN_ENTRY, (value): readonly [string, string | null] | undefined => {
  const [, key, given] = typeof value === "string" ? (/^([^=]+)(?:=(.*))?$/s.exec(value) ?? []) : [];
  return key === undefined ? undefined : [key, given ?? null];
});

/** `{KEY: value}` or `[KEY=value]`; a key alone has the value null. */
export const variablesSchema = oneForm<Variables>('a mapping, or a list of texts such as "KEY=value"', {
  mapping: z.record(z.string(), scalarText("a text, a number, true or false").nullable()),
  list: listOf(entry, "a list").transform((entries) => Object.fromEntries(entries)),
});

/** As variables, but a key alone has an empty value. */
export const labelsSchema = variablesSchema.transform((labels): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, value ?? ""])),
);

export interface EnvFileSpec {
  readonly path: string;
  readonly required: boolean;
}

const A_FILE = "a path to a file of variables";
const plainFile = text(A_FILE).transform((path): EnvFileSpec => ({ path, required: true }));
const longFile = mapping({ path: text(A_FILE), required: flag().prefault(true) });

export const envFilesSchema = oneForm<readonly EnvFileSpec[]>(`${A_FILE}, or a list of them`, {
  text: plainFile.transform((file) => [file]),
  list: listOf(oneForm<EnvFileSpec>(A_FILE, { text: plainFile, mapping: longFile }), "a list"),
});
