import { distance } from "fastest-levenshtein";

/** The candidate that a mistyped name most likely meant, or undefined when none is near. */
function closest(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase();
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of candidates) {
    const edits = editsBetween(wanted, name.toLowerCase());
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  // Of two letters anything is two edits away.
  const most = Math.min(wanted.length - 1, Math.max(2, wanted.length / 3));
  return best !== undefined && best.edits <= most ? best.name : undefined;
}

/** `, did you mean "v1_stress"?` or an empty text. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const name = closest(typed, candidates);
  return name === undefined ? "" : `, did you mean "${name}"?`;
}

/** A name that begins with what was typed counts as one edit away: people abbreviate. */
function editsBetween(typed: string, name: string): number {
  return typed.length >= 2 && name.startsWith(typed) ? 1 : distance(typed, name);
}
