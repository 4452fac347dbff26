/** The value of a variable, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface Interpolated {
  readonly text: string;
  /** Variables that were used without being set, and without a default. */
  readonly unset: readonly string[];
  readonly mistakes: readonly TemplateMistake[];
}

/** Completes the sentence "expected …, found …". */
export interface TemplateMistake {
  readonly expected: string;
  readonly found: string;
}

type Finding = { readonly unset: string } | { readonly mistake: TemplateMistake };

const REFERENCE = /\$(?:(?<escaped>\$)|(?<name>[A-Za-z_]\w*)|(?<brace>\{)|)/g;
const BRACED = /^(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-?+])(?<word>.*))?$/s;
const A_REFERENCE = "a variable such as ${TAG}, ${TAG:-latest} or ${TAG:?why}, or $$ for a dollar sign";

/**
 * Puts variables into a text: `$A`, `${A}`, `${A:-word}` (default), `${A:?word}` (error), `${A:+word}` (alternative),
 * each also without the colon, which then lets an empty value count as set. Words may hold variables again.
 * Source: the Compose specification, "Interpolation".
 */
export function interpolate(text: string, lookup: Lookup): Interpolated {
  const findings: Finding[] = [];
  const result = substitute(text, lookup, (finding) => findings.push(finding));
  return {
    text: result,
    unset: findings.flatMap((finding) => ("unset" in finding ? [finding.unset] : [])),
    mistakes: findings.flatMap((finding) => ("mistake" in finding ? [finding.mistake] : [])),
  };
}

function substitute(text: string, lookup: Lookup, report: (finding: Finding) => void): string {
  let result = "";
  let done = 0;
  const references = new RegExp(REFERENCE);
  for (let match = references.exec(text); match !== null; match = references.exec(text)) {
    result += text.slice(done, match.index);
    done = references.lastIndex;
    const { escaped, name, brace } = match.groups ?? {};
    const end = brace === undefined ? undefined : closingBrace(text, match.index);
    if (escaped !== undefined) result += "$";
    else if (name !== undefined) result += plain(name, lookup, report);
    else if (end === undefined) {
      report(malformed(text.slice(match.index)));
      return result + text.slice(match.index);
    } else {
      result += braced(text.slice(match.index + 2, end), lookup, report);
      done = end + 1;
      references.lastIndex = done;
    }
  }
  return result + text.slice(done);
}

/** Where the `${` at this place ends; pairs inside its word are passed over. */
function closingBrace(text: string, start: number): number | undefined {
  let open = 0;
  for (let place = start; place < text.length; place += 1) {
    if (text.startsWith("${", place)) open += 1;
    else if (text[place] === "}") open -= 1;
    if (open === 0) return place;
  }
  return undefined;
}

function braced(inside: string, lookup: Lookup, report: (finding: Finding) => void): string {
  const { name, operator, word = "" } = BRACED.exec(inside)?.groups ?? {};
  if (name === undefined) {
    report(malformed(`\${${inside}}`));
    return "";
  }
  if (operator === undefined) return plain(name, lookup, report);
  const value = lookup(name);
  const there = value !== undefined && !(operator.startsWith(":") && value === "");
  if (operator.endsWith("+")) return there ? substitute(word, lookup, report) : "";
  if (there) return value;
  if (operator.endsWith("-")) return substitute(word, lookup, report);
  const why = substitute(word, lookup, report);
  const expected = `a value for ${name}${why === "" ? "" : ` (${why})`}`;
  report({ mistake: { expected, found: value === undefined ? "nothing" : "an empty value" } });
  return "";
}

function plain(name: string, lookup: Lookup, report: (finding: Finding) => void): string {
  const value = lookup(name);
  if (value === undefined) report({ unset: name });
  return value ?? "";
}

function malformed(text: string): Finding {
  return { mistake: { expected: A_REFERENCE, found: JSON.stringify(text) } };
}
