import type { FaultRecord } from "../../domain/fault.ts";
import type { Plan } from "../../domain/plan.ts";
import { type Span, overlaps } from "./spans.ts";

/** What the faults of a run did to servers, nodes and the wire between them, to excuse what they could not help. */
export class Hindrances {
  readonly #faults: readonly {
    readonly span: Span;
    readonly kills: boolean;
    readonly servers: readonly number[];
    readonly nodes: readonly number[];
    readonly wire: boolean;
  }[];

  constructor({ faults: planned }: Plan, records: readonly FaultRecord[]) {
    this.#faults = records.flatMap(({ fault, injectedAt, healedAt }) => {
      const action = planned[fault]?.action;
      if (action === undefined || Number.isNaN(injectedAt)) return [];
      const span = { from: injectedAt, to: Number.isNaN(healedAt) ? Infinity : healedAt };
      const wire = action.kind === "partition" || action.kind === "latency";
      const servers = "servers" in action ? action.servers : [];
      return [{ span, kills: action.kind === "kill", servers, nodes: action.nodes, wire }];
    });
  }

  /** True when a server was killed during this time: it could not do what it had still to do. */
  killed(server: number, during: Span): boolean {
    return this.#faults.some(
      ({ span, kills, wire, servers }) => kills && !wire && servers.includes(server) && overlaps(span, during),
    );
  }

  /** True when a server was killed or frozen. */
  stopped(server: number, during: Span): boolean {
    return this.#faults.some(({ span, wire, servers }) => !wire && servers.includes(server) && overlaps(span, during));
  }

  /** True when a node was killed, and every connection to it with it. */
  died(node: number, during: Span): boolean {
    return this.#faults.some(({ span, kills, nodes }) => kills && nodes.includes(node) && overlaps(span, during));
  }

  /** True when a node, or the wire from a server to it, was out of order. */
  cutOff(server: number, node: number, during: Span): boolean {
    return this.#faults.some(
      ({ span, wire, servers, nodes }) =>
        nodes.includes(node) && (!wire || servers.includes(server)) && overlaps(span, during),
    );
  }
}
