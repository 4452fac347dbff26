import { type AnswerDetails, History } from "../../domain/history.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { LoadJob } from "../engine.ts";
import type { Answer } from "./answer.ts";
import { compileRules } from "./classifier.ts";
import { compileDetails } from "./details.ts";
import type { Purchase } from "./order-book.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { Tally } from "./tally.ts";

const EXCERPT = 120;

/** Writes down what became of every attempt. The order of the history is the order of sending. */
export class Recorder {
  readonly history: History;
  readonly #stopwatch: Stopwatch;
  readonly #outcomeOf: (answer: Answer) => Outcome | undefined;
  readonly #detailsOf: (answer: Answer) => AnswerDetails | undefined;
  readonly #unmatched = new Tally();
  readonly #unanswered = new Tally();
  readonly #unsent = new Tally();
  readonly #unitsOf: readonly number[];
  readonly #onNews: () => void;
  #ended = 0;
  #sold = 0;

  /** @param onNews called when the first attempt is sent, and at every sale */
  constructor(job: LoadJob, stopwatch: Stopwatch, onNews: () => void = () => undefined) {
    this.history = new History(stopwatch.originNs, job.load.buyers);
    this.#stopwatch = stopwatch;
    this.#onNews = onNews;
    this.#unitsOf = job.load.orders.map(({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0));
    this.#outcomeOf = compileRules(job.outcomes);
    this.#detailsOf = compileDetails(job.answer, stopwatch.originNs);
  }

  get ended(): number {
    return this.#ended;
  }

  /** Units of the attempts that were answered as sold. */
  get sold(): number {
    return this.#sold;
  }

  /** The index that the next attempt will have. */
  get next(): number {
    return this.history.length;
  }

  sent({ buyer, order, server }: Omit<Purchase, "request">): number {
    const attempt = this.history.begin(buyer, order, this.#stopwatch.now(), server);
    if (attempt === 0) this.#onNews();
    return attempt;
  }

  /** @returns what the answer means */
  answered(attempt: number, answer: Answer): Outcome {
    const endedAt = this.#stopwatch.now();
    const outcome = this.#outcomeOf(answer);
    if (outcome === undefined) this.#unmatched.add(`${String(answer.status)} ${excerpt(answer.text)}`.trimEnd());
    this.#end(attempt, endedAt, answer.status, outcome ?? "error", this.#detailsOf(answer));
    return outcome ?? "error";
  }

  /** The request was written, and no answer will come. */
  unanswered(attempt: number, reason: string): void {
    this.#unanswered.add(reason);
    this.#end(attempt, this.#stopwatch.now(), 0, "unknown");
  }

  /**
   * There was no connection to send on, so nothing can have been sold.
   * @returns the attempt's index
   */
  unsent(purchase: Omit<Purchase, "request">, reason: string): number {
    this.#unsent.add(reason);
    const attempt = this.sent(purchase);
    this.#end(attempt, this.history.sentAt(attempt), 0, "error");
    return attempt;
  }

  /** What a user should know about answers that did not come or were not understood, a line each. */
  remarks(): string[] {
    const lines: [Tally, string][] = [
      [this.#unmatched, "answers matched no outcome rule and count as errors"],
      [this.#unanswered, "attempts were sent and got no answer"],
      [this.#unsent, "attempts found no connection and count as errors"],
    ];
    return lines
      .filter(([tally]) => tally.total > 0)
      .map(([tally, what]) => `${String(tally.total)} ${what}: ${tally.commonest(3)}`);
  }

  #end(attempt: number, endedAt: number, status: number, outcome: Outcome, details?: AnswerDetails): void {
    this.history.end(attempt, endedAt, status, outcome, details);
    this.#ended += 1;
    if (outcome !== "sold") return;
    this.#sold += this.#unitsOf[this.history.order(attempt)] ?? 0;
    this.#onNews();
  }
}

/** On one line, and without control characters that would reach the user's terminal. */
function excerpt(text: string): string {
  return text.slice(0, EXCERPT).replace(/[\p{Cc}\s]+/gu, " ");
}
