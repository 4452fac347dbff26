/** True for the text of a script that may put the names of keys together itself: then nobody sees in its KEYS what it touches. */
export function computesKeys(text: string): boolean {
  return /\.\.|format|concat|gsub|char/.test(text);
}
