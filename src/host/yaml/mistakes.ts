import { exitCode, LockbenchError } from "../../domain/errors.ts";
import type { Mistake } from "./mistake.ts";
import { type Path, spell } from "./path.ts";
import type { YamlSource } from "./yaml-source.ts";

/** A value's home: which file says it, and where in that file. */
export interface Location {
  readonly source: YamlSource;
  readonly path: Path;
}

/** How the mistakes of a file become one error. */
export interface ErrorWords {
  /** What cannot be used, such as `scenario v1_basic`. */
  readonly subject: string;
  readonly code: string;
  readonly hint: string;
  /** How a file's name is shown to the user. */
  readonly spellFile: (file: string) => string;
}

/** Collects mistakes, so that a user sees all of them at once. */
export class Mistakes {
  readonly #found: Mistake[] = [];
  readonly #locate: (path: Path) => Location;

  constructor(locate: (path: Path) => Location) {
    this.#locate = locate;
  }

  get all(): readonly Mistake[] {
    return this.#found;
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  add(mistakes: Iterable<Mistake>): void {
    this.#found.push(...mistakes);
  }

  /** Points at a value, or at its key with `aspect: "key"`; a missing value is pointed at through its parent. */
  at(path: Path, message: (where: string) => string, aspect: "key" | "value" = "value"): void {
    const home = this.#locate(path);
    const position = home.source.positionOf(home.path, aspect);
    this.#found.push({ file: home.source.file, ...position, message: message(spell(home.path)) });
  }

  expected(path: Path, expected: string, found: string): void {
    this.at(path, (where) => `${where}: expected ${expected}, found ${found}`);
  }

  /** One error with all of them, in the order of the files. */
  toError({ subject, code, hint, spellFile }: ErrorWords): LockbenchError {
    const lines = this.#sorted().map(
      (one) => `${spellFile(one.file)}:${String(one.line)}:${String(one.column)}: ${one.message}`,
    );
    const distinct = [...new Set(lines)];
    const count = distinct.length === 1 ? "1 mistake" : `${String(distinct.length)} mistakes`;
    return new LockbenchError([`${subject} cannot be used: ${count}`, ...distinct].join("\n"), {
      code,
      exit: exitCode.usage,
      hint,
    });
  }

  #sorted(): readonly Mistake[] {
    return [...this.#found].sort(
      (a, b) =>
        a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.message.localeCompare(b.message),
    );
  }
}
