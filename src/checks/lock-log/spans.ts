/** From one moment to another, in ns. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The same spans with those that touch made one, in order of time. Empty ones are left out. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else result.push(span);
  }
  return result;
}

/** When at least `quorum` of several lists of spans hold at once. Each list is one node's. */
export function heldByQuorum(nodes: Iterable<readonly Span[]>, quorum: number): Span[] {
  const turns: { at: number; step: number }[] = [];
  for (const spans of nodes) {
    for (const { from, to } of merged(spans)) turns.push({ at: from, step: 1 }, { at: to, step: -1 });
  }
  // Leases that end at the very moment at which another begins do not hold at once.
  turns.sort((a, b) => a.at - b.at || a.step - b.step);
  const held: Span[] = [];
  let count = 0;
  let since = 0;
  for (const { at, step } of turns) {
    if (step === 1 && count === quorum - 1) since = at;
    if (step === -1 && count === quorum && at > since) held.push({ from: since, to: at });
    count += step;
  }
  return held;
}

export function until(spans: readonly Span[], end: number): Span[] {
  return spans.flatMap(({ from, to }) => (from < end ? [{ from, to: Math.min(to, end) }] : []));
}

export function overlaps(one: Span, other: Span): boolean {
  return one.from <= other.to && other.from <= one.to;
}
