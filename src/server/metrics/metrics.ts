import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Breaker } from "../breaker/breaker.ts";

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BREAKER_STATES = ["closed", "half_open", "open"] as const;
const OUTCOMES = ["sold", "sold_out", "busy", "unavailable", "bad_request"];

/** What `GET /metrics` shows, since this process started. */
export class Metrics {
  /** Of its own, so that several shops in one process do not count for each other. */
  readonly #registry = new Registry();
  readonly #wait: Histogram.Internal<"lock">;
  readonly #held: Histogram.Internal<"lock">;
  readonly #acquisitions: Counter.Internal;
  readonly #timeouts: Counter.Internal;
  readonly #purchases: Counter<"outcome">;

  /** @param lock the lock strategy, as a label */
  constructor(lock: string) {
    const of = { registers: [this.#registry], labelNames: ["lock"] as const };
    const seconds = { ...of, buckets: SECONDS };
    const labels = { lock };
    this.#wait = new Histogram({
      name: "shop_lock_wait_seconds",
      help: "Time buyers waited for a lock.",
      ...seconds,
    }).labels(labels);
    this.#held = new Histogram({
      name: "shop_lock_hold_seconds",
      help: "Time from a grant to its release.",
      ...seconds,
    }).labels(labels);
    this.#acquisitions = new Counter({ name: "shop_lock_acquisitions_total", help: "Locks granted.", ...of }).labels(
      labels,
    );
    this.#timeouts = new Counter({
      name: "shop_lock_timeouts_total",
      help: "Buyers who got no lock in time.",
      ...of,
    }).labels(labels);
    this.#purchases = new Counter({
      name: "shop_purchases_total",
      help: "Answers to POST /purchases.",
      registers: [this.#registry],
      labelNames: ["outcome"],
    });
    // What has not happened yet is 0, not missing.
    for (const counter of [this.#acquisitions, this.#timeouts]) counter.inc(0);
    for (const outcome of OUTCOMES) this.#purchases.inc({ outcome }, 0);
  }

  /** Shows which nodes answer, as they do when the metrics are asked for. */
  watchNodes(nodes: readonly { readonly name: string; readonly answers: boolean }[]): void {
    const up = new Gauge({
      name: "shop_redis_node_up",
      help: "1 while a Redis node answers in time.",
      registers: [this.#registry],
      labelNames: ["node"],
      collect: () => nodes.forEach(({ name, answers }) => up.set({ node: name }, answers ? 1 : 0)),
    });
  }

  lockGranted(waitedMs: number): void {
    this.#acquisitions.inc();
    this.#wait.observe(waitedMs / 1000);
  }

  lockTimedOut(waitedMs: number): void {
    this.#timeouts.inc();
    this.#wait.observe(waitedMs / 1000);
  }

  lockReleased(heldMs: number): void {
    this.#held.observe(heldMs / 1000);
  }

  answered(outcome: string): void {
    this.#purchases.inc({ outcome });
  }

  /** Shows the state of a circuit breaker and counts its changes. */
  follow(breaker: Breaker): void {
    const registers = [this.#registry];
    const state = new Gauge({
      name: "shop_breaker_state",
      help: "State of the circuit breaker: 0 closed, 1 half open, 2 open.",
      registers,
    });
    const transitions = new Counter({
      name: "shop_breaker_transitions_total",
      help: "How often the circuit breaker came into a state.",
      registers,
      labelNames: ["to"],
    });
    for (const to of BREAKER_STATES) transitions.inc({ to }, 0);
    state.set(BREAKER_STATES.indexOf(breaker.reading.state));
    breaker.onChange(({ state: to }) => {
      state.set(BREAKER_STATES.indexOf(to));
      transitions.inc({ to });
    });
  }

  /** Prometheus' text format. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }
}
