const MOST_LINES = 20;

/** What is wrong with the evidence of a run. A garbled file of a million lines must not become a million complaints. */
export class Damage {
  readonly #lines: string[] = [];
  #count = 0;

  add(line: string): void {
    this.#count += 1;
    if (this.#lines.length < MOST_LINES) this.#lines.push(line);
  }

  /** How many things are wrong, also those that are not listed. */
  get count(): number {
    return this.#count;
  }

  /** The first of them, a line each. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** The beginning of something unreadable, fit for a line of text. */
export function excerpt(text: string): string {
  const shown = JSON.stringify(text.slice(0, 80));
  return text.length > 80 ? `${shown} …` : shown;
}
