/** What each node answered so far, in the order of the nodes; undefined where it has not (yet). */
export interface Poll {
  readonly replies: readonly unknown[];
  /** How many of the replies are good. */
  readonly good: number;
  /** Resolves when every node has answered or failed to; `replies` is complete then. */
  readonly complete: Promise<void>;
}

/**
 * Waits for what all nodes have been asked.
 * @param asked one answer for each node, in the order of the nodes
 * @param isGood whether a reply is the one that was hoped for
 * @returns as soon as a quorum gave a good answer, or cannot give it any more
 */
export function pollOf(
  asked: readonly Promise<unknown>[],
  isGood: (reply: unknown) => boolean,
  quorum: number,
): Promise<Poll> {
  const replies = new Array<unknown>(asked.length).fill(undefined);
  let good = 0;
  let open = asked.length;
  return new Promise((resolve) => {
    let finish = (): void => undefined;
    const complete = new Promise<void>((resolveComplete) => (finish = resolveComplete));
    const poll: Poll = {
      replies,
      complete,
      get good() {
        return good;
      },
    };
    const ended = (): void => {
      open -= 1;
      if (good >= quorum || good + open < quorum) resolve(poll);
      if (open === 0) finish();
    };
    asked.forEach((answer, place) => {
      const heard = (reply: unknown): void => {
        replies[place] = reply;
        if (isGood(reply)) good += 1;
        ended();
      };
      // A node that is away says neither yes nor no; its client has logged it.
      answer.then(heard, ended);
    });
  });
}
