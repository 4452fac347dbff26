import type { WireBend, WireRule } from "../domain/wire.ts";

/** How one direction of one link is bent, all rules together. */
export interface LaneShape {
  readonly hold: boolean;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Infinity: as fast as it goes. */
  readonly bytesPerSecond: number;
  /** True when bytes are thrown away. */
  readonly drop: boolean;
}

export interface LinkShape {
  readonly toNode: LaneShape;
  readonly toServer: LaneShape;
  readonly reset: boolean;
  readonly halfOpen: boolean;
}

/** What the rules that meet on a link add up to. */
export function shapeOf(rules: readonly WireRule[], server: number, node: number): LinkShape {
  const here = rules.filter(({ servers, nodes }) => servers.includes(server) && nodes.includes(node));
  const halfOpen = here.some((rule) => rule.halfOpen === true);
  const loseReplies = here.some((rule) => rule.loseReplies === true);
  return {
    toNode: laneShape(
      here.map(({ toNode }) => toNode),
      halfOpen,
    ),
    toServer: laneShape(
      here.map(({ toServer }) => toServer),
      halfOpen || loseReplies,
    ),
    reset: here.some((rule) => rule.reset === true),
    halfOpen,
  };
}

function laneShape(bends: readonly WireBend[], drop: boolean): LaneShape {
  const sum = (values: readonly (number | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return {
    hold: bends.some(({ hold }) => hold === true),
    latencyMs: sum(bends.map(({ latencyMs }) => latencyMs)),
    jitterMs: sum(bends.map(({ jitterMs }) => jitterMs)),
    bytesPerSecond: Math.min(...bends.map(({ bytesPerSecond }) => bytesPerSecond ?? Number.POSITIVE_INFINITY)),
    drop,
  };
}

/** True when bytes may go on at once. */
export function isStraight({ hold, latencyMs, jitterMs, bytesPerSecond, drop }: LaneShape): boolean {
  return !hold && latencyMs === 0 && jitterMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && !drop;
}
