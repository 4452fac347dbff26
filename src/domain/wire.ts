/** A reply of Redis, as far as it is kept: bulk strings as text, errors apart from texts. */
export type WireReply = string | number | null | boolean | { readonly error: string } | readonly WireReply[];

/**
 * One command that a server sent to a Redis node through the wire tap. Stamps
 * are ns on the history's clock; null: that never happened.
 */
export interface WireCommand {
  /** The server that sent it: 0 is `app`, 1 is `app1`, … */
  readonly server: number;
  /** The node that it was meant for: 0 is `redis`, 1 is `redis1`, … */
  readonly node: number;
  /** Tells connections apart, over all servers and nodes of a run. */
  readonly connection: number;
  /** When its last byte was read from the server. */
  readonly sentAt: number;
  /** When it was passed on to the node. */
  readonly forwardedAt: number | null;
  /** When the node's reply was complete. */
  readonly repliedAt: number | null;
  /** When the reply was passed on to the server. */
  readonly deliveredAt: number | null;
  /** The command's name in capitals, and its arguments; in EVAL the script's text is replaced by its SHA-1. */
  readonly words: readonly string[];
  readonly reply: WireReply | null;
}

/** What passed between the servers and Redis during a run, of the commands that matter to locks and stock. */
export interface WireLog {
  /** In the order in which they were sent. */
  readonly commands: readonly WireCommand[];
  /** The text of every script that was seen, by its SHA-1 in lower case. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Connections that could not be followed, a line each: what they did is not known. */
  readonly lost: readonly string[];
}

/** How one direction of the wire between servers and nodes is bent. */
export interface WireBend {
  /** Bytes are held back until the bend is taken away, as in a network that is cut and heals. */
  readonly hold?: boolean;
  /** Delay of every byte, in ms. */
  readonly latencyMs?: number;
  /** Up to so much is added to the delay, evenly drawn, in ms; bytes keep their order. */
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
}

/** A fault on the wire. Rules of one set that meet on a link add up. */
export interface WireRule {
  readonly servers: readonly number[];
  readonly nodes: readonly number[];
  readonly toNode: WireBend;
  readonly toServer: WireBend;
  /** Connections are reset, and new ones too as soon as they are made. */
  readonly reset?: boolean;
  /** The tap accepts, and neither connects to the node nor answers. */
  readonly halfOpen?: boolean;
  /** Replies are thrown away instead of passed on; the connection is reset when the rule is taken away. */
  readonly loseReplies?: boolean;
}
