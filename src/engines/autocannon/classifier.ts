import { atPath } from "../../domain/dotted-path.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { OutcomeRule } from "../../domain/plan.ts";
import type { Answer } from "./answer.ts";

type Condition = (answer: Answer) => boolean;

/**
 * Compiles a scenario's rules into one function from an answer to its outcome.
 * The first rule that matches wins; undefined when none does.
 */
export function compileRules(rules: readonly OutcomeRule[]): (answer: Answer) => Outcome | undefined {
  const compiled = rules.map((rule) => ({ outcome: rule.outcome, conditions: conditionsOf(rule) }));
  return (answer) => compiled.find(({ conditions }) => conditions.every((holds) => holds(answer)))?.outcome;
}

/** The status first: a body is parsed only for an answer whose status fits. */
function conditionsOf(rule: OutcomeRule): Condition[] {
  const conditions: Condition[] = [];
  if (rule.status !== null) {
    const [from, to] = rule.status;
    conditions.push(({ status }) => status >= from && status <= to);
  }
  for (const [path, value] of Object.entries(rule.body)) conditions.push(({ json }) => atPath(json, path) === value);
  if (rule.bodyMatches !== null) {
    const pattern = new RegExp(rule.bodyMatches);
    conditions.push(({ text }) => pattern.test(text));
  }
  return conditions;
}
