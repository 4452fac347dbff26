import { type LockbenchError, messageOf, usageError } from "../../../domain/errors.ts";
import type { Mistake } from "../../../host/yaml/mistake.ts";
import { Mistakes } from "../../../host/yaml/mistakes.ts";
import type { Path } from "../../../host/yaml/path.ts";
import { type Dialect, YamlSource } from "../../../host/yaml/yaml-source.ts";
import type { Reports } from "./interpolate-values.ts";

/** As Go reads YAML, in which docker compose is written: no digit of a long number is lost. */
const COMPOSE_YAML: Dialect = {
  merge: true,
  intAsBigInt: true,
  customTags: (tags) => [
    {
      identify: () => false,
      default: true,
      tag: "tag:yaml.org,2002:int",
      // Octal and binary numbers, and digits in groups: 0755, 0b11, 1_000.
      test: /^[-+]?(?:0[0-7_]*[0-7]|0b[01_]+|[1-9][0-9]*(?:_[0-9]+)+)$/,
      resolve: wholeNumber,
    },
    ...tags,
  ],
};

function wholeNumber(written: string): bigint {
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(written.replaceAll("_", "")) ?? [];
  const size = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
  return sign === "-" ? -size : size;
}

/** A Compose file while it is read, and what was found wrong or odd in it so far. */
export class ComposeFile {
  readonly #source: YamlSource;
  /** What the data looks like once variables are replaced. */
  readonly mistakes: Mistakes;
  /** Mistakes in the `${…}` themselves: what is wrong with a value that one of them left behind is only an echo. */
  readonly templates: Reports;

  private constructor(source: YamlSource) {
    this.#source = source;
    const locate = (path: Path) => ({ source, path });
    this.mistakes = new Mistakes(locate);
    this.mistakes.add(source.mistakes);
    this.templates = { mistakes: new Mistakes(locate), warnings: new Mistakes(locate) };
  }

  /** @throws LockbenchError (exit 2) when the file cannot be read at all */
  static async read(file: string): Promise<ComposeFile> {
    try {
      return new ComposeFile(await YamlSource.read(file, COMPOSE_YAML));
    } catch (error) {
      throw usageError(`Compose file: cannot read ${file}: ${messageOf(error)}`, "name a Compose file that exists");
    }
  }

  /** As YAML gives it; undefined when the file is no YAML. */
  get value(): unknown {
    return this.#source.value;
  }

  /** `file:line:column` of a key. */
  placeOf(path: Path): string {
    return `${this.#source.file}:${spot(this.#source.positionOf(path, "key"))}`;
  }

  get warnings(): readonly string[] {
    return [...new Set(this.templates.warnings.all.map((one) => `${one.file}:${spot(one)}: ${one.message}`))];
  }

  /** @throws LockbenchError (exit 2) with everything that is wrong, if anything is */
  requireSound(): void {
    const error = this.#error();
    if (error !== undefined) throw error;
  }

  #error(): LockbenchError | undefined {
    const { mistakes: all } = this.templates;
    const spots = new Set(all.all.map(spot));
    all.add(this.mistakes.all.filter((one) => !spots.has(spot(one))));
    if (!all.any) return undefined;
    return all.toError({
      subject: `Compose file ${this.#source.file}`,
      code: "INVALID_COMPOSE_FILE",
      hint: "correct these lines; lockbench refuses what it does not carry out, rather than to ignore it",
      spellFile: (file) => file,
    });
  }
}

function spot({ line, column }: Pick<Mistake, "line" | "column">): string {
  return `${String(line)}:${String(column)}`;
}
