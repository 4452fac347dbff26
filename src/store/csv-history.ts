import { type AnswerDetails, History } from "../domain/history.ts";
import { OUTCOMES, type Outcome } from "../domain/outcome.ts";
import { CsvLines } from "./csv-line.ts";
import { type Damage, excerpt } from "./damage.ts";
import { ATTEMPT_COLUMNS, FIRST_ATTEMPT_COLUMNS } from "./history-csv.ts";

const WIDTH = widthOf(ATTEMPT_COLUMNS);
const COLUMN = {
  attempt: 0,
  buyer: 1,
  order: 2,
  sent: 3,
  ended: 4,
  status: 5,
  outcome: 6,
  arrived: 7,
  granted: 8,
  remaining: 9,
  fencingToken: 10,
  server: 11,
  breaker: 12,
  breakerSince: 13,
} as const;
const OPTIONAL = ["arrived", "granted", "remaining", "fencingToken", "breaker", "breakerSince"] as const;

/**
 * Reads a history back from CSV. Lines that cannot be read are noted as damage,
 * and the attempts that are missing become `unknown` ones by a buyer −1, so that
 * all others keep their numbers, by which rows are tied to them.
 */
export class HistoryReader {
  readonly history: History;
  readonly #file: string;
  readonly #limit: number;
  readonly #damage: Damage;
  #lineNumber = 0;
  /** Fields of a line: evidence of an earlier lockbench has fewer. */
  #width = WIDTH;

  /** @param attempts how many attempts the run's record speaks of: no line may claim a higher number */
  constructor(originNs: bigint, attempts: number, file: string, damage: Damage) {
    this.history = new History(originNs, attempts);
    this.#limit = attempts;
    this.#file = file;
    this.#damage = damage;
  }

  /** Takes the next chunk of whole lines. */
  take(chunk: Buffer): void {
    const lines = new CsvLines(chunk);
    while (lines.advance()) {
      this.#lineNumber += 1;
      if (this.#lineNumber === 1) this.#header(lines);
      else this.#attempt(lines);
    }
  }

  /** Fills up what is missing at the end. */
  finish(): History {
    const missing = this.#limit - this.history.length;
    if (missing > 0)
      this.#damage.add(`${this.#file}: expected ${String(this.#limit)} attempts, found ${String(missing)} fewer`);
    this.#fillUpTo(this.#limit);
    return this.history;
  }

  #header(lines: CsvLines): void {
    const header = lines.text().trimEnd();
    if (header === FIRST_ATTEMPT_COLUMNS) this.#width = widthOf(header);
    else if (header !== ATTEMPT_COLUMNS) this.#complain(`expected the header ${ATTEMPT_COLUMNS}`, lines);
  }

  #attempt(lines: CsvLines): void {
    const attempt = lines.number(COLUMN.attempt);
    const mistake = this.#mistake(lines, attempt);
    if (mistake !== undefined) {
      this.#complain(mistake, lines);
      return;
    }
    if (attempt > this.history.length) {
      this.#damage.add(`${this.#file}: expected attempt ${String(this.history.length)}, found ${String(attempt)} next`);
      this.#fillUpTo(attempt);
    }
    this.#add(lines);
  }

  #mistake(lines: CsvLines, attempt: number): string | undefined {
    if (lines.fields !== this.#width) return `expected ${String(this.#width)} fields`;
    if (!Number.isSafeInteger(attempt) || attempt < this.history.length || attempt >= this.#limit) {
      return `expected an attempt from ${String(this.history.length)} to ${String(this.#limit - 1)}`;
    }
    for (const column of ["buyer", "order", "status"] as const) {
      if (!Number.isSafeInteger(lines.number(COLUMN[column]))) return `expected a whole number as ${column}`;
    }
    for (const column of ["ended", ...OPTIONAL] as const) {
      const index = COLUMN[column];
      if (!this.#lacks(lines, index) && Number.isNaN(lines.number(index)))
        return `expected a number or nothing as ${column}`;
    }
    if (Number.isNaN(lines.number(COLUMN.sent))) return "expected a number as sent_ns";
    if (!isServer(this.#serverOf(lines))) return "expected a server from 0 to 255";
    return outcomeNamed(lines.field(COLUMN.outcome)) === undefined
      ? `expected one of ${OUTCOMES.join(", ")}`
      : undefined;
  }

  #add(lines: CsvLines): void {
    const attempt = this.history.begin(
      lines.number(COLUMN.buyer),
      lines.number(COLUMN.order),
      lines.number(COLUMN.sent),
      this.#serverOf(lines),
    );
    const outcome = outcomeNamed(lines.field(COLUMN.outcome)) ?? "unknown";
    this.history.end(attempt, lines.number(COLUMN.ended), lines.number(COLUMN.status), outcome, this.#details(lines));
  }

  #serverOf(lines: CsvLines): number {
    return this.#width > COLUMN.server ? lines.number(COLUMN.server) : 0;
  }

  #details(lines: CsvLines): AnswerDetails | undefined {
    if (OPTIONAL.every((column) => this.#lacks(lines, COLUMN[column]))) return undefined;
    return {
      arrivedAt: this.#present(lines, COLUMN.arrived),
      grantedAt: this.#present(lines, COLUMN.granted),
      remaining: this.#present(lines, COLUMN.remaining),
      fencingToken: this.#present(lines, COLUMN.fencingToken),
      breaker: this.#present(lines, COLUMN.breaker),
      breakerSince: this.#present(lines, COLUMN.breakerSince),
    };
  }

  #present(lines: CsvLines, column: number): number | undefined {
    return this.#lacks(lines, column) ? undefined : lines.number(column);
  }

  #lacks(lines: CsvLines, column: number): boolean {
    return column >= this.#width || lines.isEmpty(column);
  }

  #fillUpTo(attempt: number): void {
    const last = this.history.length - 1;
    const sentAt = last < 0 ? 0 : this.history.sentAt(last);
    while (this.history.length < attempt) this.history.begin(-1, 0, sentAt);
  }

  #complain(expected: string, lines: CsvLines): void {
    this.#damage.add(`${this.#file}:${String(this.#lineNumber)}: ${expected}, found ${excerpt(lines.text())}`);
  }
}

function widthOf(header: string): number {
  return header.split(",").length;
}

function isServer(server: number): boolean {
  return Number.isInteger(server) && server >= 0 && server <= 255;
}

const BY_NAME: ReadonlyMap<string, Outcome> = new Map(OUTCOMES.map((outcome) => [outcome, outcome]));

function outcomeNamed(name: string): Outcome | undefined {
  return BY_NAME.get(name);
}
