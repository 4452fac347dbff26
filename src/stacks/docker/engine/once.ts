/** Does the work for each key at most once; everybody who asks shares its outcome. */
export function once<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const begun = new Map<Key, Promise<Result>>();
  return (key) => {
    const known = begun.get(key) ?? work(key);
    begun.set(key, known);
    return known;
  };
}
