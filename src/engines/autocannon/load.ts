import type { LoadJob, LoadResult } from "../engine.ts";
import { Buyer, type Market } from "./buyer.ts";
import { Comebacks } from "./comebacks.ts";
import { CpuMeter } from "./cpu-meter.ts";
import { Deadlines } from "./deadlines.ts";
import { OrderBook } from "./order-book.ts";
import type { Pacing, Starter } from "./pacing.ts";
import { Ramp } from "./ramp.ts";
import { Recorder } from "./recorder.ts";
import { Stampede } from "./stampede.ts";
import type { Stopwatch } from "./stopwatch.ts";

const HEARTBEAT_MS = 250;
/** Connecting is no part of the attempt, so a short patience with answers does not shorten it. */
const LEAST_OPENING_MS = 10_000;

/** One load from its first connection to its last answer. Used once. */
export class Load implements Market, Starter {
  readonly book: OrderBook;
  readonly comebacks: Comebacks | null;
  readonly recorder: Recorder;
  readonly stopwatch: Stopwatch;
  readonly answerDeadlines: Deadlines<Buyer>;
  readonly openDeadlines: Deadlines<Buyer>;
  readonly #job: LoadJob;
  readonly #pacing: Pacing;
  readonly #cpu: CpuMeter;
  /** By seat, until they start. */
  readonly #waiting = new Map<number, Buyer>();
  readonly #buying = new Set<Buyer>();
  /** Those whose connection is still open, although they are done. */
  #leaving: Buyer[] = [];
  #moreToStart = true;
  #timeIsUp: boolean;
  #stopped = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #runTime: NodeJS.Timeout | undefined;
  #settle: { resolve(result: LoadResult): void; reject(reason: unknown): void } | undefined;

  /** @throws LockbenchError (exit 2) when the requests cannot be written */
  constructor(job: LoadJob, stopwatch: Stopwatch) {
    const { buyers, spawnRate, timeoutMs, retry } = job.load;
    this.#job = job;
    this.stopwatch = stopwatch;
    this.book = new OrderBook(job);
    this.comebacks = retry === null ? null : new Comebacks(retry, job.seed, stopwatch);
    this.recorder = new Recorder(job, stopwatch, () => this.#reportSoon());
    this.answerDeadlines = new Deadlines(timeoutMs, stopwatch, (buyer) => buyer.answerOverdue());
    const openingMs = Math.max(timeoutMs, LEAST_OPENING_MS);
    this.openDeadlines = new Deadlines(openingMs, stopwatch, (buyer) => buyer.openingOverdue());
    this.#pacing = spawnRate === null ? new Stampede(buyers, this) : new Ramp(buyers, spawnRate, this, stopwatch);
    this.#cpu = new CpuMeter(stopwatch);
    this.#timeIsUp = job.load.runTimeMs === null;
  }

  run(): Promise<LoadResult> {
    const { signal } = this.#job;
    signal.throwIfAborted();
    const abort = (): void => this.#stop(() => this.#settle?.reject(signal.reason));
    const result = new Promise<LoadResult>((resolve, reject) => (this.#settle = { resolve, reject }));
    signal.addEventListener("abort", abort, { once: true });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#pacing.begin();
    return result.finally(() => signal.removeEventListener("abort", abort));
  }

  prepare(seat: number): void {
    const buyer = new Buyer(seat, this);
    this.#waiting.set(seat, buyer);
    buyer.prepare();
  }

  start(seat: number): void {
    const buyer = this.#waiting.get(seat);
    if (buyer === undefined) return;
    this.#waiting.delete(seat);
    this.#buying.add(buyer);
    buyer.start();
  }

  startsNow(): void {
    this.#cpu.start();
    const { runTimeMs } = this.#job.load;
    if (runTimeMs !== null) this.#runTime = setTimeout(() => this.#wrapUp(), runTimeMs);
  }

  allStarted(): void {
    this.#moreToStart = false;
    this.#finishWhenEmpty();
  }

  goesOn(): boolean {
    return !this.#timeIsUp;
  }

  prepared(): void {
    this.#pacing.prepared();
  }

  done(buyer: Buyer): void {
    this.#buying.delete(buyer);
    this.#leaving.push(buyer);
    this.#finishWhenEmpty();
  }

  fail(error: Error): void {
    this.#stop(() => this.#settle?.reject(error));
  }

  #wrapUp(): void {
    this.#timeIsUp = true;
    this.#pacing.stop();
    for (const buyer of this.#waiting.values()) buyer.dismiss();
    this.#waiting.clear();
    for (const buyer of [...this.#buying]) buyer.wrapUp();
    this.allStarted();
  }

  #finishWhenEmpty(): void {
    if (this.#moreToStart || this.#buying.size > 0) return;
    const generatorCpuPercent = this.#cpu.percent();
    const { history } = this.recorder;
    this.#stop(() => this.#settle?.resolve({ history, generatorCpuPercent, remarks: this.recorder.remarks() }));
  }

  /** Everything that keeps the process alive ends here, before anybody hears of the result. */
  #stop(settle: () => void): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#pacing.stop();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#runTime);
    for (const buyer of [...this.#waiting.values(), ...this.#buying, ...this.#leaving]) buyer.dismiss();
    this.#waiting.clear();
    this.#buying.clear();
    this.#leaving = [];
    this.answerDeadlines.stop();
    this.openDeadlines.stop();
    this.#report();
    settle();
  }

  /** Closing costs time that the buyers still under way should not pay, so those who are done leave now and then. */
  #beat(): void {
    for (const buyer of this.#leaving.splice(0)) buyer.dismiss();
    this.#report();
  }

  /** Whoever hears of it may abort the load, which no buyer in the middle of a step would survive. */
  #reportSoon(): void {
    queueMicrotask(() => {
      if (!this.#stopped) this.#report();
    });
  }

  #report(): void {
    this.#job.progress?.({ sent: this.recorder.next, ended: this.recorder.ended, sold: this.recorder.sold });
  }
}
