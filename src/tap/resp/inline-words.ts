import { Illegible } from "./frames.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };
/**
 * Splits a command that was typed as a line, the way Redis does it (sdssplitargs).
 * @throws Illegible where a quote is left open, as Redis refuses it too
 */
export function inlineWords(line: string): string[] {
  // A double-quoted, a single-quoted or a plain piece of a word; in quotes a backslash takes what follows it along.
  const pieces = line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"'\0]+)|([\s\0]+)|(.)/gs);
  const words: string[] = [];
  let word: string | undefined;
  let closed = false;
  for (const [, double, single, plain, space] of pieces) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      closed = false;
      continue;
    }
    const text = double === undefined ? (single?.replaceAll("\\'", "'") ?? plain) : unescaped(double);
    if (text === undefined) throw new Illegible("a quote that is left open");
    if (closed) throw new Illegible("text behind a quote");
    word = (word ?? "") + text;
    closed = plain === undefined;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (ESCAPES[letter ?? ""] ?? letter ?? "") : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
