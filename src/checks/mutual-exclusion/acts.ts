import type { Plan } from "../../domain/plan.ts";
import type { GuardedWrite } from "../lock-log/lock-op.ts";
import type { Span } from "../lock-log/spans.ts";

/** One write of what a lock guards, on all nodes to which it was sent. */
export interface Act {
  readonly product: number;
  readonly server: number;
  /** The owner for whom it was done; null where the command does not say. */
  readonly token: string | null;
  /** True when each node looked whether the lock was still that owner's. */
  readonly checksOwner: boolean;
  readonly sentAt: number;
  /** The writes that took effect. */
  readonly effective: readonly GuardedWrite[];
  /** Between these two moments it took effect on enough nodes; null when it never did. */
  readonly done: Span | null;
}

/** Puts the writes together that a server sent to several nodes for one owner, or, where it names none, with the same words. */
export function actsIn(writes: readonly GuardedWrite[], { stack }: Plan): Act[] {
  const groups: GuardedWrite[][] = [];
  const current = new Map<string, GuardedWrite[]>();
  const nodes = new Map<number, Set<number>>();
  for (const write of writes) {
    const { server, node, words } = write.command;
    nodes.set(write.product, (nodes.get(write.product) ?? new Set()).add(node));
    const name = JSON.stringify([server, write.product, write.token ?? words.slice(1)]);
    const group = current.get(name);
    if (group === undefined || group.some(({ command }) => command.node === node)) {
      const fresh = [write];
      groups.push(fresh);
      current.set(name, fresh);
    } else group.push(write);
  }
  return groups.map((group) => actOf(group, nodes.get(group[0]?.product ?? -1)?.size ?? 1, stack.redisNodes));
}

function actOf(group: readonly GuardedWrite[], nodes: number, all: number): Act {
  const [first] = group;
  const effective = group.filter(({ effect, command }) => effect === "yes" && command.repliedAt !== null);
  const quorum = nodes === 1 ? 1 : Math.floor(Math.max(nodes, all) / 2) + 1;
  return {
    product: first?.product ?? -1,
    server: first?.command.server ?? -1,
    token: first?.token ?? null,
    checksOwner: first?.checksOwner ?? false,
    sentAt: first?.command.sentAt ?? Number.NaN,
    effective,
    done: effective.length < quorum ? null : doneBetween(effective, quorum),
  };
}

function doneBetween(effective: readonly GuardedWrite[], quorum: number): Span {
  const nth = (moments: readonly number[]): number => [...moments].sort((a, b) => a - b)[quorum - 1] ?? Number.NaN;
  return {
    from: nth(effective.map(({ command }) => command.forwardedAt ?? Number.NaN)),
    to: nth(effective.map(({ command }) => command.repliedAt ?? Number.NaN)),
  };
}
