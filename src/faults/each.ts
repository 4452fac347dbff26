/**
 * Does the same to all at once, and goes on with the others when one fails.
 * @throws the first error, when all have been tried
 */
export async function toEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(items.map(act));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
