/** What a service waits for. */
export type Waiting = ReadonlyMap<string, readonly string[]>;

/** The first circle of services that wait for each other, such as `[a, b, a]`; undefined where there is none. */
export function findCircle(waiting: Waiting): readonly string[] | undefined {
  const sound = new Set<string>();
  for (const service of waiting.keys()) {
    const circle = follow(service, [], waiting, sound);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

function follow(
  service: string,
  way: readonly string[],
  waiting: Waiting,
  sound: Set<string>,
): readonly string[] | undefined {
  if (sound.has(service)) return undefined;
  const seen = way.indexOf(service);
  if (seen >= 0) return [...way.slice(seen), service];
  for (const next of waiting.get(service) ?? []) {
    const circle = follow(next, [...way, service], waiting, sound);
    if (circle !== undefined) return circle;
  }
  sound.add(service);
  return undefined;
}
