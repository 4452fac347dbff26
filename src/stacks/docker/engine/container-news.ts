import type Dockerode from "dockerode";
import { hearContainers } from "./event-stream.ts";

/** Longest silence after which somebody who waits looks for himself: an event may be lost when the engine restarts. */
const LOOK_EVERY_MS = 500;

/** Wakes those who wait for something to happen to a container, without asking the engine many times a second. */
export class ContainerNews {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #end = new AbortController();

  /** Only containers that carry all of these labels are heard of. */
  static async open(docker: Dockerode, labels: readonly string[]): Promise<ContainerNews> {
    const news = new ContainerNews();
    await hearContainers(
      docker,
      labels,
      news.#end.signal,
      ({ id }) => {
        news.#wake(id);
      },
      // Those who wait look for themselves from time to time.
      () => undefined,
    );
    return news;
  }

  /**
   * Looks at a container again whenever something happened to it, until there is an answer.
   * @throws the signal's reason when it is aborted, and whatever `look` throws
   */
  async until<Answer>(id: string, signal: AbortSignal, look: () => Promise<Answer | undefined>): Promise<Answer> {
    for (;;) {
      signal.throwIfAborted();
      // Listening begins before looking, so that nothing falls between the two.
      const { heard, forget } = this.#listen(id, signal);
      try {
        const answer = await look();
        if (answer !== undefined) return answer;
        await heard;
      } finally {
        forget();
      }
    }
  }

  close(): void {
    this.#end.abort();
  }

  #listen(id: string, signal: AbortSignal): { heard: Promise<void>; forget: () => void } {
    const waiting = this.#waiting.get(id) ?? new Set();
    let wake = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.set(id, waiting.add(wake));
    signal.addEventListener("abort", wake, { once: true });
    const timer = setTimeout(wake, LOOK_EVERY_MS);
    const forget = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      waiting.delete(wake);
    };
    return { heard, forget };
  }

  #wake(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }
}
