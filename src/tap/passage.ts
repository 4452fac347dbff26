import type { WireReply } from "../domain/wire.ts";

/** A recorded command on its way to the node and back. Stamps are ns on the tap's clock; null: not yet, or never. */
export interface Passage {
  /** Counts the commands of one log. */
  number: number;
  readonly words: readonly string[];
  readonly sentAt: number;
  forwardedAt: number | null;
  repliedAt: number | null;
  deliveredAt: number | null;
  reply: WireReply | null;
  /** Where the command ends in the stream to the node, and its reply in the stream to the server. */
  readonly requestEnd: number;
  replyEnd: number | null;
  /** False where none will come, as after CLIENT REPLY OFF. */
  awaitsReply: boolean;
}

/** True when nothing more can become of it. */
export function isOver({ forwardedAt, deliveredAt, awaitsReply }: Passage): boolean {
  return deliveredAt !== null || (!awaitsReply && forwardedAt !== null);
}
