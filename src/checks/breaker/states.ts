import { breakerCode } from "../../domain/breaker-state.ts";
import type { History } from "../../domain/history.ts";
import { tells } from "../breaker-tells.ts";
import type { Span } from "../lock-log/spans.ts";

/** A state of one server's breaker, as its answers told it. */
export interface BreakerState {
  readonly server: number;
  readonly state: number;
  readonly since: number;
  /** It certainly lasted until the last attempt was sent whose answer still told of it. */
  readonly until: number;
  /** An attempt that told of it. */
  readonly told: number;
}

/** Each state of each server that any answer told of, in the order in which they began. */
export function statesIn(history: History): BreakerState[] {
  const states = new Map<string, BreakerState>();
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!tells(history, attempt)) continue;
    const [server, state, since] = [history.server(attempt), history.breaker(attempt), history.breakerSince(attempt)];
    const name = `${String(server)} ${String(state)} ${String(since)}`;
    const known = states.get(name);
    const until = Math.max(since, known?.until ?? since, history.sentAt(attempt));
    states.set(name, { server, state, since, until, told: known?.told ?? attempt });
  }
  return [...states.values()].sort((a, b) => a.server - b.server || a.since - b.since);
}

/** Two states that cannot both have been: they began at the same moment, or one had begun while the other still lasted. */
export function contradictions(states: readonly BreakerState[]): (readonly [BreakerState, BreakerState])[] {
  const found: (readonly [BreakerState, BreakerState])[] = [];
  for (const [place, later] of states.entries()) {
    const earlier = states[place - 1];
    if (earlier?.server === later.server && earlier.until >= later.since) found.push([earlier, later]);
  }
  return found;
}

/** Attempts that were granted, or sent and sold, while their server's breaker was certainly open. */
export function grantsWhileOpen(history: History, states: readonly BreakerState[]): number[] {
  const open = new Map<number, Span[]>();
  for (const { server, state, since, until } of states) {
    if (state !== breakerCode.open) continue;
    const spans = open.get(server) ?? [];
    open.set(server, spans);
    spans.push({ from: since, to: until });
  }
  const found: number[] = [];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const moment = servedWithin(history, attempt);
    if (moment !== null && isInside(open.get(history.server(attempt)) ?? [], moment)) found.push(attempt);
  }
  return found;
}

function servedWithin(history: History, attempt: number): Span | null {
  const granted = history.grantedAt(attempt);
  if (granted >= history.sentAt(attempt) && granted <= history.endedAt(attempt)) return { from: granted, to: granted };
  if (history.outcome(attempt) !== "sold") return null;
  return { from: history.sentAt(attempt), to: history.endedAt(attempt) };
}

/** Both ends count out: a breaker that opens at the very moment of a grant came after it. */
function isInside(spans: readonly Span[], { from, to }: Span): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.from ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && to < span.to;
}
