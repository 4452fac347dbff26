import type { Socket } from "node:net";
import type { TapClock } from "./clock.ts";
import { isStraight, type LaneShape } from "./shape.ts";
import type { Progress } from "./transcript.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
/** So much waits in a lane before the sender has to. */
const MOST_WAITING = 1024 * 1024;
/** A narrow lane lets a slice pass so many times a second. */
const SLICES_PER_SECOND = 100;

/** How a side ended: orderly, or not. */
type Ending = "end" | "reset";

interface Waiting {
  /** Bytes, or the end of them. */
  what: Buffer | Ending;
  readonly arrivedAt: number;
  /** Not before this, and not before those in front of it. */
  dueAt: number;
}

export interface LaneTools {
  readonly clock: TapClock;
  /** Evenly from 0 up to 1. */
  readonly random: () => number;
}

/** One direction of a connection: bytes keep their order, and go on at once unless the lane is bent. */
export class Lane implements Progress {
  readonly #source: Socket;
  readonly #target: Socket;
  readonly #tools: LaneTools;
  readonly #onPassed: () => void;
  #shape: LaneShape;
  #straight: boolean;
  #open = false;
  #waiting: Waiting[] = [];
  #bytesWaiting = 0;
  /** When a narrow lane has room for the next slice. */
  #roomAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #lossy = false;
  #passed = 0;
  #passedAt = 0;

  /** @param onPassed called when bytes went on that had to wait */
  constructor(source: Socket, target: Socket, shape: LaneShape, tools: LaneTools, onPassed: () => void) {
    this.#source = source;
    this.#target = target;
    this.#shape = shape;
    this.#straight = isStraight(shape);
    this.#tools = tools;
    this.#onPassed = onPassed;
    target.on("drain", () => this.#pump());
  }

  get passed(): number {
    return this.#passed;
  }

  get passedAt(): number {
    return this.#passedAt;
  }

  /** True when something was thrown away: what follows would make no sense to the other side. */
  get lossy(): boolean {
    return this.#lossy;
  }

  /** The other side is there. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  bend(shape: LaneShape): void {
    this.#shape = shape;
    this.#straight = isStraight(shape);
    this.#roomAt = 0;
    if (shape.drop && this.#waiting.length > 0) this.#throwAway();
    for (const item of this.#waiting) item.dueAt = item.arrivedAt + this.#delay();
    this.#pump();
  }

  take(chunk: Buffer, at: number): void {
    if (this.#straight && this.#open && this.#waiting.length === 0 && !this.#lossy) {
      this.#write(chunk, at);
      if (this.#target.writableNeedDrain) this.#tide();
      return;
    }
    this.#queue(chunk, at);
  }

  /** The source has ended; the target learns of it when all bytes before have arrived. */
  end(how: Ending, at: number): void {
    // A reset would overtake bytes that still wait; then the other side learns of an orderly end.
    this.#queue(this.#waiting.length === 0 && this.#target.writableLength === 0 ? how : "end", at);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#bytesWaiting = 0;
  }

  #queue(what: Buffer | Ending, arrivedAt: number): void {
    if (this.#shape.drop || this.#lossy) {
      this.#lossy = true;
      return;
    }
    this.#waiting.push({ what, arrivedAt, dueAt: arrivedAt + this.#delay() });
    if (typeof what !== "string") this.#bytesWaiting += what.length;
    this.#pump();
  }

  #throwAway(): void {
    this.#lossy = true;
    this.#waiting = [];
    this.#bytesWaiting = 0;
  }

  #delay(): number {
    const { latencyMs, jitterMs } = this.#shape;
    return (latencyMs + (jitterMs === 0 ? 0 : jitterMs * this.#tools.random())) * NS_PER_MS;
  }

  /** Passes on all that is due, and comes back for the rest. */
  #pump(): void {
    clearTimeout(this.#timer);
    const before = this.#passed;
    while (this.#open && !this.#shape.hold && !this.#target.writableNeedDrain) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const now = this.#tools.clock.now();
      const at = Math.max(first.dueAt, typeof first.what === "string" ? 0 : this.#roomAt);
      if (at > now) {
        this.#timer = setTimeout(() => this.#pump(), Math.ceil((at - now) / NS_PER_MS));
        break;
      }
      this.#pass(first, now);
    }
    this.#tide();
    if (this.#passed > before) this.#onPassed();
  }

  #pass(first: Waiting, now: number): void {
    if (typeof first.what === "string") {
      this.#waiting.shift();
      if (first.what === "reset") this.#target.resetAndDestroy();
      else this.#target.end();
      return;
    }
    const { bytesPerSecond } = this.#shape;
    const slice = first.what.subarray(0, Math.max(1, Math.ceil(bytesPerSecond / SLICES_PER_SECOND)));
    if (slice.length === first.what.length) this.#waiting.shift();
    else first.what = first.what.subarray(slice.length);
    this.#bytesWaiting -= slice.length;
    this.#roomAt = now + (slice.length / bytesPerSecond) * NS_PER_SECOND;
    this.#write(slice, now);
  }

  #write(chunk: Buffer, at: number): void {
    if (this.#target.destroyed || this.#target.writableEnded) return;
    // Stamped before it is written: from here on the other side may act on it.
    this.#passed += chunk.length;
    this.#passedAt = at;
    this.#target.write(chunk);
  }

  /** The sender waits while too much does, as it would without anybody in between. */
  #tide(): void {
    const stuck = !this.#target.destroyed && this.#target.writableNeedDrain;
    if (stuck || this.#bytesWaiting > MOST_WAITING) this.#source.pause();
    else if (this.#source.isPaused()) this.#source.resume();
  }
}
