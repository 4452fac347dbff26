import { type ExitCode, exitCode } from "../domain/errors.ts";
import type { RunRecord } from "../domain/record.ts";
import { worstExit } from "../domain/worst-exit.ts";
import { plural } from "./figure.ts";
import { runName } from "./run-name.ts";
import { visible } from "./width.ts";

/** As many reasons still make one line. */
const MOST_REASONS = 4;

/** What all runs together came to: the worst exit code, and why, in one line. */
export function overall(records: readonly RunRecord[]): { readonly exit: ExitCode; readonly reason: string } {
  const exit = worstExit(records.map((record) => record.exitCode));
  return { exit, reason: visible(reason(records, exit)) };
}

/** The line that everything ends with: the worst exit code and its reason. It is printed after all else. */
export function lastLine(records: readonly RunRecord[]): string {
  const { exit, reason: why } = overall(records);
  return `exit ${String(exit)}: ${why}`;
}

function reason(records: readonly RunRecord[], code: ExitCode): string {
  const [only, second] = records;
  if (only === undefined) return "inconclusive: nothing was run";
  if (second === undefined) return only.reason;
  if (code === exitCode.passed) return `all ${plural(records.length, "run")} passed`;
  const blamed = records.filter((record) => record.exitCode === code);
  const others = records.filter(({ exitCode: own }) => own !== code && own !== exitCode.passed).length;
  const rest = others === 0 ? "" : `, ${plural(others, "other")} did not pass either`;
  return `${String(blamed.length)} of ${plural(records.length, "run")} ended so${rest}; ${reasonsOf(blamed)}`;
}

/** Each run's reason, once: the gravest may not be that of the first run. */
function reasonsOf(blamed: readonly RunRecord[]): string {
  const lines = [...new Set(blamed.map((record) => `${runName(record)}: ${record.reason}`))];
  const more = lines.length > MOST_REASONS ? `; and ${String(lines.length - MOST_REASONS)} more` : "";
  return lines.slice(0, MOST_REASONS).join("; ") + more;
}
