import { messageOf } from "../domain/errors.ts";
import { Conversation } from "./conversation.ts";
import { isOver, type Passage } from "./passage.ts";
import type { Party, Recorder } from "./recorder.ts";
import { ReplyParser } from "./resp/reply-parser.ts";
import { RequestParser } from "./resp/request-parser.ts";

/** How far one direction has got, as its lane knows. */
export interface Progress {
  /** Bytes that were passed on. */
  readonly passed: number;
  /** When the last of them were, in ns on the tap's clock. */
  readonly passedAt: number;
}

/** Reads along on one connection. It sees copies only: whatever happens here, the bytes travel on. */
export class Transcript {
  readonly #party: Party;
  readonly #recorder: Recorder;
  readonly #requests: RequestParser;
  readonly #replies: ReplyParser;
  readonly #conversation: Conversation;
  readonly #open = new Set<Passage>();
  /** Waiting for their last byte to be passed on. */
  readonly #toForward: Passage[] = [];
  readonly #toDeliver: Passage[] = [];
  #now = 0;
  /** The last SELECT: all that follows on this connection is about that database. */
  #select: Passage | null = null;
  /** Why it can no longer be followed. */
  #lost: string | null = null;

  constructor(party: Party, recorder: Recorder, prefixes: readonly string[]) {
    this.#party = party;
    this.#recorder = recorder;
    this.#conversation = new Conversation((passage, reply, end) => {
      passage.reply = reply;
      passage.repliedAt = this.#now;
      passage.replyEnd = end;
      this.#toDeliver.push(passage);
      if (passage.words[0] === "SELECT" && reply === "OK") this.#select = passage;
    });
    this.#replies = new ReplyParser(this.#conversation);
    this.#requests = new RequestParser(prefixes, (command) => {
      const passage = recorder.open(command, this.#now);
      if (passage !== null) {
        this.#open.add(passage);
        this.#toForward.push(passage);
      }
      this.#conversation.command(command, passage);
    });
  }

  /** What the server sent, read at this moment. */
  sent(chunk: Buffer, at: number, progress: Progress): void {
    this.#follow(at, () => this.#requests.feed(chunk));
    if (this.#toForward.length > 0) this.forwarded(progress);
  }

  /** What the node sent, read at this moment. */
  replied(chunk: Buffer, at: number, progress: Progress): void {
    this.#follow(at, () => this.#replies.feed(chunk));
    if (this.#toDeliver.length > 0) this.delivered(progress);
  }

  forwarded({ passed, passedAt }: Progress): void {
    for (const passage of taken(this.#toForward, ({ requestEnd }) => requestEnd <= passed)) {
      passage.forwardedAt = passedAt;
      this.#writeIfOver(passage);
    }
  }

  delivered({ passed, passedAt }: Progress): void {
    for (const passage of taken(this.#toDeliver, ({ replyEnd }) => replyEnd !== null && replyEnd <= passed)) {
      passage.deliveredAt = passedAt;
      this.#writeIfOver(passage);
    }
  }

  /** Writes what is known of commands that are still on their way. */
  writeOpen(): void {
    for (const passage of this.#open) this.#recorder.write(passage, this.#party);
  }

  /** A new log begins: what is on its way belongs to it, and so does in which database, or that this connection is lost. */
  begin(): void {
    if (this.#select !== null && !this.#open.has(this.#select)) {
      this.#recorder.write({ ...this.#select, number: this.#recorder.nextNumber() }, this.#party);
    }
    for (const passage of this.#open) passage.number = this.#recorder.nextNumber();
    if (this.#lost !== null) this.#recorder.lost(this.#party, this.#lost);
  }

  /** The connection is closed: nothing more will come. */
  close(): void {
    this.writeOpen();
    this.#open.clear();
  }

  #writeIfOver(passage: Passage): void {
    if (isOver(passage) && this.#open.delete(passage)) this.#recorder.write(passage, this.#party);
  }

  #follow(at: number, read: () => void): void {
    if (this.#lost !== null) return;
    this.#now = at;
    try {
      read();
    } catch (error) {
      this.#lost = messageOf(error);
      this.#recorder.lost(this.#party, this.#lost);
    }
  }
}

/** Takes the first of a list out of it, as long as the condition holds. */
function taken(passages: Passage[], holds: (passage: Passage) => boolean): Passage[] {
  const end = passages.findIndex((passage) => !holds(passage));
  return passages.splice(0, end === -1 ? passages.length : end);
}
