/** The exit codes of the command line; `docs/exit-codes.md` explains them to users. */
export const exitCode = {
  passed: 0,
  violated: 1,
  usage: 2,
  tooSlow: 3,
  inconclusive: 4,
  environment: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

interface ErrorDetails {
  /** A stable name that scripts may match, such as `SERVER_DID_NOT_START`. */
  readonly code: string;
  readonly exit: ExitCode;
  /** What to do next, as a sentence or a command to type. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error that reaches a user. Messages read "event: subject, expected …, found …". */
export class LockbenchError extends Error {
  override readonly name = "LockbenchError";
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.exit = details.exit;
    this.hint = details.hint;
  }
}

/** Wrong usage, an invalid scenario or option: exit code 2. */
export function usageError(message: string, hint?: string): LockbenchError {
  return new LockbenchError(message, {
    code: "USAGE",
    exit: exitCode.usage,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The environment failed (no Redis, port taken, server did not start, disk full): exit code 5. */
export function environmentError(
  code: string,
  message: string,
  more: { hint?: string; cause?: unknown } = {},
): LockbenchError {
  return new LockbenchError(message, { code, exit: exitCode.environment, ...more });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
