import type { Answer } from "./answer.ts";
import type { Comebacks } from "./comebacks.ts";
import { codeOf, Connection, type ConnectionListener } from "./connection.ts";
import type { Deadlines } from "./deadlines.ts";
import { exhaustion } from "./exhaustion.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { OrderBook } from "./order-book.ts";
import type { Recorder } from "./recorder.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What buyers share, and whom they report to. */
export interface Market {
  readonly book: OrderBook;
  /** null when nobody comes back. */
  readonly comebacks: Comebacks | null;
  readonly recorder: Recorder;
  readonly stopwatch: Stopwatch;
  readonly answerDeadlines: Deadlines<Buyer>;
  readonly openDeadlines: Deadlines<Buyer>;
  /** Whether a buyer whose attempt has ended buys again. */
  goesOn(): boolean;
  /** A buyer is connected before its start, or is known not to be. Said once. */
  prepared(): void;
  done(buyer: Buyer): void;
  /** The load as a whole cannot go on. */
  fail(error: Error): void;
}

/** Without it, a server that is down would be asked as fast as the machine can. */
const PAUSE_AFTER_REFUSAL_MS = 50;
/** A server that closes waiting connections this often is not going to take a request. */
const MOST_REOPENINGS = 10;

/** One seat of the load: connects ahead, waits for its start, and then buys once or again and again. */
export class Buyer implements ConnectionListener {
  readonly #seat: number;
  readonly #market: Market;
  readonly #connection: Connection;
  #started = false;
  #prepared = false;
  #attempt = -1;
  #firstTryAt = Number.NaN;
  #reopenings = 0;
  /** Why there is no connection to start with. */
  #obstacle: string | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(seat: number, market: Market) {
    this.#seat = seat;
    this.#market = market;
    this.#connection = new Connection(market.book.serverOf(seat), market.book.method, this);
  }

  /** Connects, so that the first request needs not wait for it. */
  prepare(): void {
    this.#market.openDeadlines.watch(this, this.#market.stopwatch.now());
    this.#connection.open();
  }

  /** From now on the buyer buys: at once when it is connected, else as soon as it is. */
  start(): void {
    this.#started = true;
    if (this.#obstacle === undefined) this.#buyWhenConnected();
    else this.#turnedAway(this.#obstacle);
  }

  /** The time is up: whoever waits for an answer may have it, everybody else leaves. */
  wrapUp(): void {
    if (this.#connection.phase === "asking") return;
    this.dismiss();
    this.#market.done(this);
  }

  /** Drops the connection and all plans. What becomes of an attempt under way is not recorded. */
  dismiss(): void {
    clearTimeout(this.#pause);
    this.#market.answerDeadlines.release(this);
    this.#market.openDeadlines.release(this);
    this.#connection.close();
  }

  answerOverdue(): void {
    this.#connection.close();
    this.lost("timeout");
  }

  openingOverdue(): void {
    this.#connection.close();
    this.notOpened(new Error("not connected in time"));
  }

  opened(): void {
    this.#market.openDeadlines.release(this);
    if (this.#started) this.#buy();
    else this.#announce();
  }

  notOpened(error: Error): void {
    this.#market.openDeadlines.release(this);
    const exhausted = exhaustion(error);
    if (exhausted !== undefined) this.#market.fail(exhausted);
    else if (this.#started) this.#turnedAway(codeOf(error));
    else this.#cannotPrepare(codeOf(error));
  }

  closedIdle(): void {
    if (this.#started) return;
    this.#reopenings += 1;
    if (this.#reopenings <= MOST_REOPENINGS) this.prepare();
    else this.#cannotPrepare("closed before the request");
  }

  answered(answer: Answer): void {
    this.#market.answerDeadlines.release(this);
    const outcome = this.#market.recorder.answered(this.#attempt, answer);
    this.#next(outcome, true);
  }

  lost(reason: string): void {
    this.#market.answerDeadlines.release(this);
    this.#market.recorder.unanswered(this.#attempt, reason);
    this.#next("unknown", true);
  }

  #next(outcome: Outcome, sent: boolean): void {
    const pauseMs = this.#pauseMs(outcome, sent);
    if (pauseMs === null) this.#market.done(this);
    else if (pauseMs === 0) this.#buyWhenConnected();
    else this.#pause = setTimeout(() => this.#buyWhenConnected(), pauseMs);
  }

  /** Until the next attempt, in ms; null when there is none. */
  #pauseMs(outcome: Outcome, sent: boolean): number | null {
    const { comebacks } = this.#market;
    if (comebacks !== null) return comebacks.pauseMs(outcome, sent, this.#firstTryAt);
    if (!this.#market.goesOn()) return null;
    return sent ? 0 : PAUSE_AFTER_REFUSAL_MS;
  }

  #buyWhenConnected(): void {
    const { phase } = this.#connection;
    if (phase === "idle") this.#buy();
    else if (phase === "closed") this.prepare();
  }

  #buy(): void {
    const { book, recorder, answerDeadlines } = this.#market;
    const { request, ...purchase } = book.purchase(this.#seat, recorder.next);
    this.#attempt = recorder.sent(purchase);
    this.#noteTry();
    answerDeadlines.watch(this, recorder.history.sentAt(this.#attempt));
    this.#connection.ask(request);
  }

  #turnedAway(reason: string): void {
    const { book, recorder } = this.#market;
    this.#attempt = recorder.unsent(book.purchase(this.#seat, recorder.next), reason);
    this.#noteTry();
    this.#obstacle = undefined;
    this.#next("error", false);
  }

  #noteTry(): void {
    if (Number.isNaN(this.#firstTryAt)) this.#firstTryAt = this.#market.recorder.history.sentAt(this.#attempt);
  }

  #cannotPrepare(reason: string): void {
    this.#obstacle = reason;
    this.#announce();
  }

  #announce(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    this.#market.prepared();
  }
}
