/**
 * Does the same for every item at once. When one fails the others are aborted
 * and waited for, so that nothing is still being started when the clean-up begins.
 * @throws the first error that is not the consequence of another one
 */
export async function allOrFirstError<Item, Result>(
  signal: AbortSignal,
  items: readonly Item[],
  start: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const attempts = items.map(async (item) => {
    try {
      return await start(item, either);
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(attempts);
  either.throwIfAborted();
  return Promise.all(attempts);
}
