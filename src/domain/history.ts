import { type Outcome, outcomeCode, outcomeOf } from "./outcome.ts";

/** What the buyer's answer said, beyond its status. Stamps are nanoseconds on the history's clock. */
export interface AnswerDetails {
  /** The server's own stamp of the moment the request arrived. */
  readonly arrivedAt?: number | undefined;
  /** The server's own stamp of the moment the lock was granted. */
  readonly grantedAt?: number | undefined;
  /** The stock that the server said remained after this sale. */
  readonly remaining?: number | undefined;
  readonly fencingToken?: number | undefined;
  /** The state of the server's circuit breaker: 0 closed, 1 half open, 2 open. */
  readonly breaker?: number | undefined;
  /** When the breaker came into that state. */
  readonly breakerSince?: number | undefined;
}

const OPTIONAL_COLUMNS = ["arrivedAt", "grantedAt", "remaining", "fencingToken", "breaker", "breakerSince"] as const;
type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number];

/**
 * Every attempt of a run, in the order in which they were sent, kept in columns
 * so that ten million attempts fit in memory. All stamps are nanoseconds since
 * `originNs` on one monotonic clock. A column that no answer ever filled takes
 * no memory and reads as NaN.
 */
export class History {
  readonly originNs: bigint;
  #length = 0;
  #buyers = 0;
  #buyer: Int32Array;
  #order: Int32Array;
  #sentAt: Float64Array;
  #endedAt: Float64Array;
  #status: Uint16Array;
  #outcome: Uint8Array;
  #server: Uint8Array;
  #optional: Partial<Record<OptionalColumn, Float64Array>> = {};

  /** @param capacity how many attempts to make room for at once; the columns grow by themselves */
  constructor(originNs: bigint, capacity = 1024) {
    const room = Math.max(1, capacity);
    this.originNs = originNs;
    this.#buyer = new Int32Array(room);
    this.#order = new Int32Array(room);
    this.#sentAt = new Float64Array(room);
    this.#endedAt = new Float64Array(room);
    this.#status = new Uint16Array(room);
    this.#outcome = new Uint8Array(room);
    this.#server = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** One more than the highest buyer number: the length of a column with a place for each buyer. */
  get buyers(): number {
    return this.#buyers;
  }

  /**
   * Notes that an attempt was sent. Until it ends it is `unknown`.
   * @param order which of the run's distinct orders it asks for
   * @param server which of the run's servers it is sent to, at most 255
   * @returns the attempt's index
   */
  begin(buyer: number, order: number, sentAt: number, server = 0): number {
    const index = this.#length;
    if (index === this.#buyer.length) this.#grow();
    this.#buyer[index] = buyer;
    if (buyer >= this.#buyers) this.#buyers = buyer + 1;
    this.#order[index] = order;
    this.#sentAt[index] = sentAt;
    this.#endedAt[index] = Number.NaN;
    this.#status[index] = 0;
    this.#outcome[index] = outcomeCode.unknown;
    this.#server[index] = server;
    this.#length = index + 1;
    return index;
  }

  /** Notes how an attempt ended. Status 0 means that no HTTP answer came. */
  end(index: number, endedAt: number, status: number, outcome: Outcome, details?: AnswerDetails): void {
    this.#endedAt[index] = endedAt;
    this.#status[index] = status;
    this.#outcome[index] = outcomeCode[outcome];
    if (details === undefined) return;
    for (const column of OPTIONAL_COLUMNS) {
      const value = details[column];
      if (value !== undefined) this.#optionalColumn(column)[index] = value;
    }
  }

  buyer(index: number): number {
    return this.#buyer[index] ?? -1;
  }
  order(index: number): number {
    return this.#order[index] ?? -1;
  }
  sentAt(index: number): number {
    return this.#sentAt[index] ?? Number.NaN;
  }
  /** When the answer was complete, or when the attempt was given up; NaN if neither happened. */
  endedAt(index: number): number {
    return this.#endedAt[index] ?? Number.NaN;
  }
  status(index: number): number {
    return this.#status[index] ?? 0;
  }
  outcome(index: number): Outcome {
    return outcomeOf(this.#outcome[index] ?? outcomeCode.unknown);
  }
  /** The outcome as stored; comparing codes is what the checks over millions of attempts do. */
  outcomeCode(index: number): number {
    return this.#outcome[index] ?? outcomeCode.unknown;
  }
  /** Its place in the run's list of servers. */
  server(index: number): number {
    return this.#server[index] ?? 0;
  }
  arrivedAt(index: number): number {
    return this.#optional.arrivedAt?.[index] ?? Number.NaN;
  }
  grantedAt(index: number): number {
    return this.#optional.grantedAt?.[index] ?? Number.NaN;
  }
  remaining(index: number): number {
    return this.#optional.remaining?.[index] ?? Number.NaN;
  }
  fencingToken(index: number): number {
    return this.#optional.fencingToken?.[index] ?? Number.NaN;
  }
  /** 0 closed, 1 half open, 2 open; NaN where the answer did not say. */
  breaker(index: number): number {
    return this.#optional.breaker?.[index] ?? Number.NaN;
  }
  breakerSince(index: number): number {
    return this.#optional.breakerSince?.[index] ?? Number.NaN;
  }
  /** True when at least one answer carried this detail. */
  has(column: OptionalColumn): boolean {
    return this.#optional[column] !== undefined;
  }
  /** True when an HTTP answer came. */
  answered(index: number): boolean {
    return this.status(index) !== 0;
  }

  /** True when there was no connection to send on: the server never saw this attempt. */
  unconnected(index: number): boolean {
    return !this.answered(index) && this.outcomeCode(index) === outcomeCode.error;
  }

  #optionalColumn(column: OptionalColumn): Float64Array {
    const existing = this.#optional[column];
    if (existing !== undefined) return existing;
    const fresh = new Float64Array(this.#buyer.length).fill(Number.NaN);
    this.#optional[column] = fresh;
    return fresh;
  }

  #grow(): void {
    const room = this.#buyer.length * 2;
    this.#buyer = copyInto(new Int32Array(room), this.#buyer);
    this.#order = copyInto(new Int32Array(room), this.#order);
    this.#sentAt = copyInto(new Float64Array(room), this.#sentAt);
    this.#endedAt = copyInto(new Float64Array(room), this.#endedAt);
    this.#status = copyInto(new Uint16Array(room), this.#status);
    this.#outcome = copyInto(new Uint8Array(room), this.#outcome);
    this.#server = copyInto(new Uint8Array(room), this.#server);
    for (const column of OPTIONAL_COLUMNS) {
      const old = this.#optional[column];
      if (old !== undefined) this.#optional[column] = copyInto(new Float64Array(room).fill(Number.NaN), old);
    }
  }
}

function copyInto<Column extends Int32Array | Float64Array | Uint16Array | Uint8Array>(
  larger: Column,
  smaller: Column,
): Column {
  larger.set(smaller);
  return larger;
}
