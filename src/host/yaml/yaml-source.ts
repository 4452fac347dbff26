import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type Node,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
  type YAMLError,
  type YAMLMap,
  type YAMLWarning,
  visit,
} from "yaml";
import { messageOf } from "../../domain/errors.ts";
import type { Mistake } from "./mistake.ts";
import type { Path } from "./path.ts";

/** What a format takes beyond plain YAML 1.2, such as merge keys. */
export type Dialect = Pick<ParseOptions & SchemaOptions, "customTags" | "intAsBigInt" | "merge">;

interface Spot {
  readonly key: Node | null;
  readonly value: Node | null;
}

/** A YAML file that still knows at which line and column each value was written. */
export class YamlSource {
  readonly file: string;
  readonly folder: string;
  /** The content as plain data; undefined when the file is no YAML. */
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string, dialect: Dialect = {}) {
    this.file = file;
    this.folder = dirname(file);
    this.#document = parseDocument(text, {
      ...dialect,
      lineCounter: this.#lines,
      prettyErrors: false,
      // Otherwise oddities are printed past the streams that main() is handed.
      logLevel: "error",
    });
    const unknownTags = this.#document.warnings.filter(({ code }) => code === "TAG_RESOLVE_FAILED");
    const mistakes = [...this.#document.errors, ...unknownTags].map((error) => this.#syntaxMistake(error));
    // A key given twice leaves the rest readable; after any other error what follows would only be noise.
    const lost = unresolvedAliases(this.#document);
    mistakes.push(...lost.map((alias) => this.#aliasMistake(alias)));
    const readable = lost.length === 0 && this.#document.errors.every((error) => error.code === "DUPLICATE_KEY");
    try {
      this.value = readable ? this.#document.toJS() : undefined;
    } catch (error) {
      mistakes.push({ file, line: 1, column: 1, message: `YAML: ${messageOf(error)}` });
    }
    this.mistakes = mistakes;
  }

  /** @throws the file system's error when the file cannot be read */
  static async read(file: string, dialect?: Dialect): Promise<YamlSource> {
    return new YamlSource(file, await readFile(file, "utf8"), dialect);
  }

  /** True when this file itself says what stands at the path: the value, or a list or text in its stead. */
  defines(path: Path): boolean {
    let node: Node | null = this.#document.contents;
    for (const step of path) {
      const container = this.#resolve(node);
      if (!isMap(container) && !isSeq(container)) return container !== null;
      const spot = this.#step(container, step);
      if (spot === undefined) return isSeq(container);
      node = spot.value;
    }
    return true;
  }

  /** Line and column of a value or of its key; of the nearest parent where there is none. */
  positionOf(path: Path, aspect: "key" | "value"): { readonly line: number; readonly column: number } {
    let spot: Spot = { key: null, value: this.#document.contents };
    let missing = false;
    for (const step of path) {
      const next = this.#step(this.#resolve(spot.value), step);
      if (next === undefined) {
        // A text in a mapping's stead is what says it: `build: ./app` is also its context.
        missing = !isScalar(spot.value) || spot.value.value === null;
        break;
      }
      spot = next;
    }
    const node = aspect === "key" || missing ? (spot.key ?? spot.value) : (spot.value ?? spot.key);
    return this.#position(node?.range?.[0] ?? 0);
  }

  #step(container: Node | null, step: string | number): Spot | undefined {
    if (isMap(container)) {
      const pair = container.items.findLast((item) => keyOf(item) === String(step));
      if (pair === undefined) return this.#mergedStep(container, step);
      return { key: pair.key as Node, value: pair.value as Node | null };
    }
    if (!isSeq(container)) return undefined;
    const item = container.items[Number(step)] as Node | undefined;
    return item === undefined ? undefined : { key: null, value: item };
  }

  /** The step through the mappings that are merged in; the first that has the key gave the value. */
  #mergedStep(container: YAMLMap, step: string | number): Spot | undefined {
    for (const pair of container.items.filter((item) => keyOf(item) === MERGE)) {
      const merged = this.#resolve(pair.value as Node | null);
      for (const item of isSeq(merged) ? merged.items : [merged]) {
        const source = this.#resolve(item as Node | null);
        const spot = isMap(source) ? this.#step(source, step) : undefined;
        if (spot !== undefined) return spot;
      }
    }
    return undefined;
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }

  #syntaxMistake(error: YAMLError | YAMLWarning): Mistake {
    return { file: this.file, ...this.#position(error.pos[0]), message: `YAML: ${spellSyntax(error)}` };
  }

  #aliasMistake({ source, range }: Alias): Mistake {
    const message = `YAML: expected the name of an anchor (&${source}) further up, found *${source}`;
    return { file: this.file, ...this.#position(range?.[0] ?? 0), message };
  }

  #position(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** A merge key as the parser hands it over. */
const MERGE = String(Symbol("<<"));

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function unresolvedAliases(document: Document): readonly Alias[] {
  const found: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) found.push(alias);
    },
  });
  return found;
}

function spellSyntax(error: YAMLError | YAMLWarning): string {
  if (error.code === "DUPLICATE_KEY") {
    return "duplicate key, expected each key once in a mapping, found it again here";
  }
  if (error.code === "MULTIPLE_DOCS") return "expected one document, found that another begins here";
  return error.message;
}
