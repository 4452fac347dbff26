import { open } from "node:fs/promises";
import { clockFrom } from "./clock.ts";
import { Control } from "./control.ts";
import { Journal } from "./journal.ts";
import { Link } from "./link.ts";
import type { TapOptions, TapOrder, TapStatus } from "./protocol.ts";
import { Recorder } from "./recorder.ts";

export interface TapTools {
  /** Monotonic, in ns: the clock that all processes of the machine share. */
  readonly nowNs: () => bigint;
  /** Evenly from 0 up to 1. */
  readonly random: () => number;
}

/** A wire tap that listens. */
export interface Tap {
  /** Writes what was recorded, closes everything. Asked twice, it ends once. */
  end(): Promise<void>;
}

/** @throws Error where a port is taken or the log cannot be written; nothing is left open then */
export async function openTap(options: TapOptions, tools: TapTools): Promise<Tap> {
  const clock = clockFrom(tools.nowNs);
  const journal = new Journal(await open(options.log, "a"));
  const recorder = new Recorder(journal, clock, options.keys);
  let connections = 0;
  const nextConnection = (): number => connections++;
  const linkTools = { clock, random: tools.random, recorder, prefixes: options.keys, nextConnection };
  const running = new RunningTap(
    options,
    journal,
    recorder,
    options.links.map((link) => new Link(link, linkTools)),
  );
  await running.listen();
  return running;
}

class RunningTap implements Tap {
  readonly #options: TapOptions;
  readonly #journal: Journal;
  readonly #recorder: Recorder;
  readonly #links: readonly Link[];
  readonly #control = new Control((order) => this.#obey(order));
  #ending: Promise<void> | undefined;

  constructor(options: TapOptions, journal: Journal, recorder: Recorder, links: readonly Link[]) {
    this.#options = options;
    this.#journal = journal;
    this.#recorder = recorder;
    this.#links = links;
  }

  async listen(): Promise<void> {
    const listening = [this.#control.listen(this.#options.control), ...this.#links.map((link) => link.listen())];
    const failed = (await Promise.allSettled(listening)).find((result) => result.status === "rejected");
    if (failed === undefined) return;
    await this.end();
    throw failed.reason;
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#control.close();
    for (const link of this.#links) link.close();
    await this.#recorder.flush().finally(() => this.#journal.close());
  }

  async #obey(order: TapOrder): Promise<TapStatus> {
    if (order.op === "begin") this.#begin();
    if (order.op === "shape") for (const link of this.#links) link.shape(order.rules);
    if (order.op === "flush" || order.op === "end") await this.#flush();
    // Ended a moment later, so that the answer goes out first.
    if (order.op === "end") setImmediate(() => void this.end());
    return this.#status();
  }

  #begin(): void {
    this.#recorder.begin();
    for (const link of this.#links) link.begin();
  }

  async #flush(): Promise<void> {
    for (const link of this.#links) link.writeOpen();
    await this.#recorder.flush();
  }

  #status(): TapStatus {
    const connections = this.#links.reduce((sum, link) => sum + link.connections, 0);
    return { ...this.#recorder.counts, log: this.#options.log, connections };
  }
}
