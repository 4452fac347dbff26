import type { FaultRecord } from "../../domain/fault.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Span } from "./spans.ts";

/** When each node was killed and until when it had certainly started anew: leases do not outlive that. */
export class Losses {
  readonly #kills = new Map<number, { readonly span: Span; readonly dataLost: boolean }[]>();

  constructor({ faults: planned }: Plan, records: readonly FaultRecord[]) {
    for (const { fault, injectedAt, healedAt } of records) {
      const action = planned[fault]?.action;
      if (action?.kind !== "kill" || Number.isNaN(injectedAt)) continue;
      const span = { from: injectedAt, to: Number.isNaN(healedAt) ? Infinity : healedAt };
      for (const node of action.nodes) {
        this.#kills.set(node, [...(this.#kills.get(node) ?? []), { span, dataLost: !action.keepData }]);
      }
    }
  }

  /** True when any node was killed. */
  get any(): boolean {
    return this.#kills.size > 0;
  }

  /** Until when a grant on a node, asked for at `sentAt`, has certainly not been lost with the node. */
  keptUntil(node: number, sentAt: number): number {
    const ends = (this.#kills.get(node) ?? []).flatMap(({ span }) => {
      if (sentAt > span.to) return [];
      return [span.from > sentAt ? span.from : sentAt];
    });
    return Math.min(Infinity, ...ends);
  }

  /** From when on a grant on a node, asked for at `sentAt`, has certainly been lost with the node. */
  lostBy(node: number, sentAt: number): number {
    const ends = (this.#kills.get(node) ?? []).flatMap(({ span, dataLost }) =>
      dataLost && sentAt < span.from ? [span.to] : [],
    );
    return Math.min(Infinity, ...ends);
  }
}
