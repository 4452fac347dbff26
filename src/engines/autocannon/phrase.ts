import { splitAtPlaceholders, type Template, type Variables } from "../../domain/template.ts";

/** A placeholder that is still open, and how its value is to be written. */
interface Slot {
  readonly name: string;
  readonly spell: Spelling;
}

type Spelling = (value: string | number) => string;

/** A template taken apart once, so that an attempt costs only the joining of a few strings. */
export type Phrase = readonly (string | Slot)[];

const asIs: Spelling = String;
const asPathSegment: Spelling = (value) => encodeURIComponent(value);
const asJsonValue: Spelling = (value) => JSON.stringify(value);
const insideJsonText: Spelling = (value) => JSON.stringify(String(value)).slice(1, -1);
/** A line break in a value would start a header of its own. */
const asHeader: Spelling = (value) => String(value).replace(/[\r\n]+/g, " ");

export function textPhrase(text: string): Phrase {
  return phraseOf(text, asIs, asIs);
}

export function pathPhrase(path: string): Phrase {
  return phraseOf(path, asIs, asPathSegment);
}

export function headerPhrase(value: string): Phrase {
  return phraseOf(value, asHeader, asHeader);
}

/** The JSON text of a structure. A text that is nothing but one placeholder takes the type of its value. */
export function jsonPhrase(template: Template): Phrase {
  if (typeof template === "string") return jsonText(template);
  if (isList(template)) return listPhrase(template.map(jsonPhrase));
  if (template === null || typeof template !== "object") return [JSON.stringify(template)];
  const members = Object.entries(template).map(([key, value]) => [...quoted(key), ":", ...jsonPhrase(value)]);
  return ["{", ...commaSeparated(members), "}"];
}

/** The JSON text of a list. */
export function listPhrase(items: readonly Phrase[]): Phrase {
  return ["[", ...commaSeparated(items), "]"];
}

/** Puts a phrase in the place of every placeholder of a name. */
export function substitute(phrase: Phrase, name: string, by: Phrase): Phrase {
  return phrase.flatMap((piece) => (typeof piece !== "string" && piece.name === name ? by : [piece]));
}

/** Writes in what is known; what is not known stays open. Neighbouring texts become one. */
export function bind(phrase: Phrase, variables: Variables): Phrase {
  const bound: (string | Slot)[] = [];
  for (const piece of phrase) {
    const value = typeof piece === "string" ? undefined : variables[piece.name];
    const next = typeof piece === "string" || value === undefined ? piece : piece.spell(value);
    const last = bound.at(-1);
    if (typeof next === "string" && typeof last === "string") bound[bound.length - 1] = last + next;
    else bound.push(next);
  }
  return bound;
}

/** The whole text. A placeholder that nobody knows stays as it was written. */
export function speak(phrase: Phrase, variables: Variables): string {
  let text = "";
  for (const piece of phrase) {
    if (typeof piece === "string") text += piece;
    else text += piece.spell(variables[piece.name] ?? `\${${piece.name}}`);
  }
  return text;
}

function phraseOf(text: string, literal: Spelling, value: Spelling): Phrase {
  return splitAtPlaceholders(text).map((part, place) =>
    place % 2 === 0 ? literal(part) : { name: part, spell: value },
  );
}

function jsonText(text: string): Phrase {
  const [before, name, after] = splitAtPlaceholders(text);
  const isOnePlaceholder = name !== undefined && before === "" && after === "" && text === `\${${name}}`;
  return isOnePlaceholder ? [{ name, spell: asJsonValue }] : quoted(text);
}

function quoted(text: string): Phrase {
  return ['"', ...phraseOf(text, insideJsonText, insideJsonText), '"'];
}

function commaSeparated(phrases: readonly Phrase[]): Phrase {
  return phrases.flatMap((phrase, place) => (place === 0 ? phrase : [",", ...phrase]));
}

function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}
