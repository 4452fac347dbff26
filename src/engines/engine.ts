import type { History } from "../domain/history.ts";
import type { AnswerFields, LoadPlan, OutcomeRule, PurchaseRequestPlan } from "../domain/plan.ts";

/** A way to send buyers to a shop and to keep a record of every attempt. */
export interface Engine {
  readonly name: string;
  fire(job: LoadJob): Promise<LoadResult>;
}

export interface LoadJob {
  /** Base URLs of the servers; buyers are spread over them in turn. */
  readonly servers: readonly string[];
  readonly load: LoadPlan;
  readonly purchase: PurchaseRequestPlan;
  readonly outcomes: readonly OutcomeRule[];
  readonly answer: AnswerFields;
  /** Product names, in the plan's order. */
  readonly products: readonly string[];
  /** Goes into every idempotency key. */
  readonly run: string;
  /** Seeds what the load draws at random: how long a buyer waits before he comes back. */
  readonly seed: number;
  /** Aborted by Ctrl-C: every connection is dropped and the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called at the first send, at every sale, and a few times a second. */
  readonly progress?: (soFar: LoadProgress) => void;
}

export interface LoadProgress {
  /** Attempts that were sent. */
  readonly sent: number;
  /** Attempts that have ended. */
  readonly ended: number;
  /** Units of attempts that were answered as sold. */
  readonly sold: number;
}

export interface LoadResult {
  readonly history: History;
  /** CPU time of this process ÷ wall time while the load ran, in percent of one core. */
  readonly generatorCpuPercent: number;
  /** For the user, when something is odd: the commonest answers that no rule matched, connection errors. At most a few lines. */
  readonly remarks: readonly string[];
}
