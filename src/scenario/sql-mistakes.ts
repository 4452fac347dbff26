import { placeholders } from "../domain/template.ts";
import type { ReadSections } from "./cross-mistakes.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import type { Path } from "../host/yaml/path.ts";
import { didYouMean } from "../host/suggest.ts";
import type { ReadTarget } from "./target-mistakes.ts";

/** What can be seen of an SQL text without a database. */
export function findSqlMistakes({ seed, probes }: ReadTarget, { load }: ReadSections, mistakes: Mistakes): void {
  for (const [step, { sqlite }] of (seed ?? []).entries()) {
    for (const [place, statement] of (sqlite?.statements ?? []).entries()) {
      findParameterMistakes(
        statement,
        ["product", "stock"],
        ["target", "seed", step, "sqlite", "statements", place],
        mistakes,
      );
    }
  }
  for (const [place, { sqlite }] of (probes?.stock ?? []).entries()) {
    findParameterMistakes(
      sqlite?.query ?? "",
      ["product"],
      ["target", "probes", "stock", place, "sqlite", "query"],
      mistakes,
    );
  }
  findColumnMistakes(probes?.purchases, load?.buyers_repeat === true, mistakes);
}

function findParameterMistakes(sql: string, known: readonly string[], path: Path, mistakes: Mistakes): void {
  const choices = known.map((one) => `:${one}`).join(" or ");
  for (const name of placeholders(sql)) {
    mistakes.expected(path, `no placeholder in SQL, where ${choices} is bound`, `"\${${name}}"`);
  }
  for (const [, name = ""] of bare(sql).matchAll(/(?<![:\w]):([A-Za-z_]\w*)/g)) {
    if (known.includes(name)) continue;
    mistakes.expected(path, `no parameter but ${choices}`, `:${name}${didYouMean(name, known)}`);
  }
}

type Purchases = NonNullable<ReadTarget["probes"]>["purchases"];

/** Rows are tied to attempts by buyer, or by key; buyers who come back can only be told apart by key. */
function findColumnMistakes(probe: Purchases, repeat: boolean, mistakes: Mistakes): void {
  const home: Path = ["target", "probes", "purchases"];
  if (probe?.sqlite !== undefined) {
    const { query } = probe.sqlite;
    const wanted = repeat ? ["key"] : ["buyer", "key"];
    if (wanted.some((column) => delivers(query, column))) return;
    mistakes.expected([...home, "sqlite", "query"], columnsWanted(wanted), JSON.stringify(query));
  } else if (probe?.http !== undefined && repeat && probe.http.fields.key === undefined) {
    mistakes.expected([...home, "http", "fields"], columnsWanted(["key"]), "no field `key`");
  } else if (probe === undefined && repeat) {
    mistakes.expected(home, "a probe that delivers the keys of purchases, since buyers repeat", "none");
  }
}

function columnsWanted(columns: readonly string[]): string {
  const names = columns.map((column) => `\`${column}\``).join(" or ");
  return columns.length > 1
    ? `a column ${names}, such as user_id AS buyer`
    : `${names} among the fields, since buyers repeat`;
}

function delivers(query: string, column: string): boolean {
  return query.includes("*") || new RegExp(`\\b${column}\\b`, "i").test(query);
}

/** SQL without its quoted texts and comments, in which a colon is only a colon. */
function bare(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
}
