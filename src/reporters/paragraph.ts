import { displayWidth, wrap } from "./width.ts";

/** A text after a label, wrapped so that every further line begins under the text. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = displayWidth(label);
  return wrap(text, width - indent).map((line, at) => `${at === 0 ? label : " ".repeat(indent)}${line}`);
}
