/** When a fault begins, counted from the first send of the load. */
export type FaultTime =
  | { readonly kind: "elapsed"; readonly ms: number }
  /** When this share of all units has been answered "sold", 0..1. */
  | { readonly kind: "sold"; readonly share: number }
  /** At a moment between the two, drawn with the run's seed. */
  | { readonly kind: "random"; readonly fromMs: number; readonly toMs: number };

/** What a fault does. Nodes and servers are places in the stack's lists. */
export type FaultAction =
  /** SIGKILL; undone by a restart on the same port. Without `keepData` a Redis node comes back empty. */
  | {
      readonly kind: "kill";
      readonly nodes: readonly number[];
      readonly servers: readonly number[];
      readonly keepData: boolean;
    }
  /** SIGSTOP (a pause of the container); undone by SIGCONT. */
  | { readonly kind: "freeze"; readonly nodes: readonly number[]; readonly servers: readonly number[] }
  /** CLIENT PAUSE ALL on Redis nodes. */
  | { readonly kind: "client_pause"; readonly nodes: readonly number[] }
  /** SCRIPT FLUSH on Redis nodes: every EVALSHA must be taught again. Nothing is undone. */
  | { readonly kind: "script_flush"; readonly nodes: readonly number[] }
  /** The servers and the nodes cannot reach each other; `to_node` and `to_server` cut one direction only. */
  | {
      readonly kind: "partition";
      readonly servers: readonly number[];
      readonly nodes: readonly number[];
      readonly direction: "both" | "to_node" | "to_server";
    }
  /** Every byte between them takes so much longer, one way. */
  | {
      readonly kind: "latency";
      readonly servers: readonly number[];
      readonly nodes: readonly number[];
      readonly direction: "both" | "to_node" | "to_server";
      readonly ms: number;
      readonly jitterMs: number;
    };

export interface FaultPlan {
  readonly action: FaultAction;
  readonly at: FaultTime;
  /** How long it lasts, in ms; null: until the load has ended. */
  readonly forMs: number | null;
}

/** What became of a fault of the plan. Stamps are ns on the history's clock. */
export interface FaultRecord {
  /** Its place in the plan's list. */
  readonly fault: number;
  /** When the first part of it was in force, of a kill: when its signal was about to be sent; NaN when it never was. */
  readonly injectedAt: number;
  /** By when all of it was in force for certain; NaN when it never was. */
  readonly inForceAt: number;
  /** When all of it was undone and what it hit answered again; NaN when it never began. */
  readonly healedAt: number;
  /** Why it, or a part of it, could not be injected. */
  readonly obstacle?: string | undefined;
}
