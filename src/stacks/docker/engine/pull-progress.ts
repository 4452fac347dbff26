import type { EngineMessage } from "./messages.ts";

interface Layer {
  readonly current: number;
  readonly total: number;
}

const MB = 1_000_000;

/** Adds up what the engine says of single layers. Their sizes become known one by one, so the whole may grow. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();

  take({ id, status, progressDetail }: EngineMessage): void {
    if (id === undefined) return;
    const known = this.#layers.get(id);
    if (status === "Downloading") {
      const { current = 0, total = 0 } = progressDetail ?? {};
      this.#layers.set(id, { current, total: Math.max(total, current) });
    } else if (known !== undefined && (status === "Download complete" || status === "Pull complete")) {
      this.#layers.set(id, { current: known.total, total: known.total });
    }
  }

  /** Such as `42 % of 31.5 MB`. */
  describe(): string {
    const layers = [...this.#layers.values()];
    const current = layers.reduce((sum, layer) => sum + layer.current, 0);
    const total = layers.reduce((sum, layer) => sum + layer.total, 0);
    if (total === 0) return "preparing";
    return `${String(Math.floor((100 * current) / total))} % of ${(total / MB).toFixed(1)} MB`;
  }
}
