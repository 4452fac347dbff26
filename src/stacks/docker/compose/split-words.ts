const WORD_PART = /\s+|\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s\\'"]+)|(.)/gs;

/**
 * The words of a command line, split as a shell would split them, but nothing is expanded and no shell runs.
 * @returns undefined where a quote is not closed or nothing follows a backslash
 */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (const [whole, escaped, single, double, bare, stray] of line.matchAll(WORD_PART)) {
    if (stray !== undefined) return undefined;
    const part = escaped ?? single ?? double?.replace(/\\([\\"$`])/g, "$1") ?? bare;
    if (part !== undefined) word = (word ?? "") + part;
    else if (word !== undefined && whole !== "") {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
