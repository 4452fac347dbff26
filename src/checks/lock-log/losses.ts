import type { FaultRecord } from "../../domain/fault.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Span } from "./spans.ts";

interface Kill {
  readonly span: Span;
  /** By when its process was certainly gone: until then it may still have granted something. */
  readonly deadAt: number;
  readonly dataLost: boolean;
}

/** When each node was killed and until when it had certainly started anew: leases do not outlive that. */
export class Losses {
  readonly #kills = new Map<number, Kill[]>();

  constructor({ faults: planned }: Plan, records: readonly FaultRecord[]) {
    for (const { fault, injectedAt, inForceAt, healedAt } of records) {
      const action = planned[fault]?.action;
      if (action?.kind !== "kill" || Number.isNaN(injectedAt)) continue;
      const span = { from: injectedAt, to: Number.isNaN(healedAt) ? Infinity : healedAt };
      const kill = { span, deadAt: Number.isNaN(inForceAt) ? injectedAt : inForceAt, dataLost: !action.keepData };
      for (const node of action.nodes) {
        this.#kills.set(node, [...(this.#kills.get(node) ?? []), kill]);
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
    const ends = (this.#kills.get(node) ?? []).flatMap(({ span, deadAt, dataLost }) =>
      dataLost && sentAt < deadAt ? [span.to] : [],
    );
    return Math.min(Infinity, ...ends);
  }
}
