/**
 * The answers of the nodes to one round of somebody who waits for all of them:
 * once the round is decided, those who have not answered yet are taken for a no.
 */
export class Votes {
  readonly #quorum: number;
  readonly #decided: Promise<null>;
  #decide: () => void = () => undefined;
  #open: number;
  #granted = 0;

  constructor(voters: number, quorum: number) {
    this.#open = voters;
    this.#quorum = quorum;
    this.#decided = new Promise((resolve) => {
      this.#decide = (): void => resolve(null);
    });
  }

  /** @returns the vote itself, or null when the others have decided before it came @throws what the vote rejects with */
  async cast(vote: Promise<unknown>): Promise<unknown> {
    let reply: unknown;
    try {
      reply = await Promise.race([vote, this.#decided]);
      return reply;
    } finally {
      // Counted only now, so that the vote that decides is not late for its own decision.
      this.#open -= 1;
      if (reply === "OK") this.#granted += 1;
      if (this.#granted >= this.#quorum || this.#granted + this.#open < this.#quorum) this.#decide();
    }
  }
}
