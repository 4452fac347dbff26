import type { WireRule } from "../domain/wire.ts";

/** A fault of a plan, ready to be injected into a running stack. */
export interface Fault {
  /**
   * Brings it about, and returns when all of it is in force.
   * @param hit called when a part of it is in force. What strikes before it can be seen to have struck says since
   *   when, in ns on the machine's monotonic clock
   * @throws when a part of it could not be brought about; `undo` is called all the same
   */
  inject(hit: (sinceNs?: bigint) => void): Promise<void>;
  /** Takes back whatever is in force of it. */
  undo(): Promise<void>;
  /**
   * Waits, after `undo`, until what it hit answers again.
   * @throws when it does not
   */
  answered(): Promise<void>;
}

/** The one wire that several faults of a run bend at the same time. */
export interface SharedWire {
  add(rule: WireRule): Promise<void>;
  /** Harmless when the rule is not in force. */
  remove(rule: WireRule): Promise<void>;
}
