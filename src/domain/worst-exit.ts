import { type ExitCode, exitCode } from "./errors.ts";

/**
 * Worst first. A proven violation outranks everything that a run can end with:
 * a server that died later cannot un-sell the unit that was sold twice.
 */
const PRECEDENCE: readonly ExitCode[] = [
  exitCode.interrupted,
  exitCode.terminated,
  exitCode.hungUp,
  exitCode.usage,
  exitCode.violated,
  exitCode.environment,
  exitCode.inconclusive,
  exitCode.tooSlow,
  exitCode.passed,
];

/** The one exit code for several runs; without any run nothing was proven, which is inconclusive. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? exitCode.inconclusive;
}
