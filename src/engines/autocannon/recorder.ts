import { type AnswerDetails, History } from "../../domain/history.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { LoadJob } from "../engine.ts";
import type { Answer } from "./answer.ts";
import { compileRules } from "./classifier.ts";
import { compileDetails } from "./details.ts";
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
  #ended = 0;

  constructor(job: LoadJob, stopwatch: Stopwatch) {
    this.history = new History(stopwatch.originNs, job.load.buyers);
    this.#stopwatch = stopwatch;
    this.#outcomeOf = compileRules(job.outcomes);
    this.#detailsOf = compileDetails(job.answer, stopwatch.originNs);
  }

  get ended(): number {
    return this.#ended;
  }

  /** The index that the next attempt will have. */
  get next(): number {
    return this.history.length;
  }

  sent(buyer: number, order: number): number {
    return this.history.begin(buyer, order, this.#stopwatch.now());
  }

  answered(attempt: number, answer: Answer): void {
    const endedAt = this.#stopwatch.now();
    const outcome = this.#outcomeOf(answer);
    if (outcome === undefined) this.#unmatched.add(`${String(answer.status)} ${excerpt(answer.text)}`.trimEnd());
    this.#end(attempt, endedAt, answer.status, outcome ?? "error", this.#detailsOf(answer));
  }

  /** The request was written, and no answer will come. */
  unanswered(attempt: number, reason: string): void {
    this.#unanswered.add(reason);
    this.#end(attempt, this.#stopwatch.now(), 0, "unknown");
  }

  /** There was no connection to send on, so nothing can have been sold. */
  unsent(buyer: number, order: number, reason: string): void {
    this.#unsent.add(reason);
    const attempt = this.sent(buyer, order);
    this.#end(attempt, this.history.sentAt(attempt), 0, "error");
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
  }
}

/** On one line, and without control characters that would reach the user's terminal. */
function excerpt(text: string): string {
  return text.slice(0, EXCERPT).replace(/[\p{Cc}\s]+/gu, " ");
}
