import type { FaultRecord } from "../../domain/fault.ts";
import type { History } from "../../domain/history.ts";
import type { Plan } from "../../domain/plan.ts";

/** A server that has just been thawed finds a whole crowd before it. */
const CATCHES_UP_WITHIN_NS = 1e9;
/** A kill is stamped when the process is gone, which is noticed later than by the buyers whom it cut off. */
const NOTICED_WITHIN_NS = 1e9;

interface Standstill {
  readonly kind: "kill" | "freeze";
  readonly servers: readonly number[];
  readonly from: number;
  /** Infinity where it never ended. */
  readonly to: number;
}

/** When faults of the plan had stopped the servers, and what they may have cost. */
export class Standstills {
  readonly #all: readonly Standstill[];

  constructor({ faults: plans }: Plan, records: readonly FaultRecord[]) {
    this.#all = records.flatMap(({ fault, injectedAt, healedAt }) => {
      const action = plans[fault]?.action;
      if ((action?.kind !== "kill" && action?.kind !== "freeze") || Number.isNaN(injectedAt)) return [];
      const { kind, servers } = action;
      const from = kind === "kill" ? injectedAt - NOTICED_WITHIN_NS : injectedAt;
      return [{ kind, servers, from, to: Number.isNaN(healedAt) ? Infinity : healedAt }];
    });
  }

  /** True when no answer could come in time: the server was killed meanwhile, or still frozen when the buyer gave up. */
  excuses(history: History, attempt: number): boolean {
    const ended = history.endedAt(attempt);
    return this.#during(history, attempt).some(
      ({ kind, to }) => kind === "kill" || !(ended > to + CATCHES_UP_WITHIN_NS),
    );
  }

  /** True when its server was frozen for a part of the time that the buyer waited. */
  shortened(history: History, attempt: number): boolean {
    return this.#during(history, attempt).length > 0;
  }

  #during(history: History, attempt: number): readonly Standstill[] {
    const server = history.server(attempt);
    const sent = history.sentAt(attempt);
    // One that never ended is compared as if it lasted.
    return this.#all.filter(
      ({ servers, from, to }) => servers.includes(server) && sent < to && !(history.endedAt(attempt) < from),
    );
  }
}
