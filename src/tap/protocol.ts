import type { WireRule } from "../domain/wire.ts";

/** What the tap is started with: one JSON argument. Everything listens on 127.0.0.1. */
export interface TapOptions {
  /** One for each server and node, so that it is known who is speaking. */
  readonly links: readonly TapLink[];
  /** The port on which it takes orders. */
  readonly control: number;
  /** The file of the wire log. */
  readonly log: string;
  /** Commands are recorded when one of their words begins with one of these. */
  readonly keys: readonly string[];
}

export interface TapLink {
  readonly server: number;
  readonly node: number;
  /** The port that the server connects to. */
  readonly listen: number;
  /** The port of the node. */
  readonly to: number;
}

/** One line of JSON to the control port. */
export type TapRequest = { readonly id: number } & TapOrder;

export type TapOrder =
  /** Forget what was recorded so far. */
  | { readonly op: "begin" }
  /** These rules take the place of all earlier ones, on all connections, at once. */
  | { readonly op: "shape"; readonly rules: readonly WireRule[] }
  /** Answered when all that was recorded is in the file. */
  | { readonly op: "flush" }
  | { readonly op: "status" }
  /** Flush, close everything and exit. */
  | { readonly op: "end" };

/** One line of JSON back, in the order of the requests. */
export type TapAnswer =
  | { readonly id: number; readonly ok: TapStatus }
  /** What the tap could not do; id is null where the request could not be read. */
  | { readonly id: number | null; readonly error: string };

export interface TapCounts {
  /** Commands recorded since `begin`. */
  readonly commands: number;
  readonly scripts: number;
  /** Connections that can no longer be followed. */
  readonly lost: number;
}

export interface TapStatus extends TapCounts {
  readonly log: string;
  /** Connections that servers have open. */
  readonly connections: number;
}
