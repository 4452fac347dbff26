import type { Clock } from "../../../host/clock.ts";

const AT_MOST_EVERY_MS = 400;

/** Lines of progress for people: as many as one can read. */
export interface RareLines {
  always(line: string): void;
  /** Told only if the last one was a while ago. */
  sometimes(line: () => string): void;
}

export function rareLines(clock: Clock, progress: (line: string) => void): RareLines {
  let last = clock.now();
  return {
    always(line) {
      last = clock.now();
      progress(line);
    },
    sometimes(line) {
      if (clock.now() - last < AT_MOST_EVERY_MS) return;
      last = clock.now();
      progress(line());
    },
  };
}
