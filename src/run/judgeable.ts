import type { Plan } from "../domain/plan.ts";
import type { RunningStack } from "../stacks/stack.ts";

export interface JudgeablePlan {
  readonly plan: Plan;
  /** What is left out of the judgement, for people; empty when nothing is. */
  readonly remarks: readonly string[];
}

/** The plan as it can be judged on a stack: checks that go by the wire need a tap, and not every stack has one. */
export function judgeableOn(stack: Pick<RunningStack, "kind" | "controls">, plan: Plan): JudgeablePlan {
  if (plan.stack.tap && (stack.controls?.wire ?? null) !== null) return { plan, remarks: [] };
  const why = plan.target.lockKeys === null ? undefined : whyNoTap(stack, plan);
  return {
    plan: plan.stack.tap ? { ...plan, stack: { ...plan.stack, tap: false } } : plan,
    remarks: why === undefined ? [] : [`the checks of locks were left out: ${why}`],
  };
}

function whyNoTap({ kind }: Pick<RunningStack, "kind">, { stack, target }: Plan): string | undefined {
  if (stack.tap || kind === "docker") return `the stack (${kind}) has no wire tap to go by`;
  // Between servers and nodes that were there before there is no place for one.
  if (stack.redisNodes === 0 || target.start === null) return undefined;
  return "no wire tap (`stack: { tap: true }`)";
}
