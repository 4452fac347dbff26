import type { StackOptions } from "./run-options.ts";

/** The options of each command, as commander hands them over. */

export interface VerifyOptions {
  readonly json?: boolean;
}

export interface UpOptions extends StackOptions {
  readonly lock?: string;
}

export interface StatusOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

export interface ProveOptions {
  readonly repeat: number;
  readonly stack: string;
  readonly json?: boolean;
}

export interface MatrixOptions {
  readonly run?: boolean;
  readonly repeat: number;
  readonly all?: boolean;
  readonly short?: boolean;
  readonly stack: string;
  readonly json?: boolean;
}

export interface LogsOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

export interface InspectOptions {
  readonly last: number;
  readonly json?: boolean;
}

export interface DoctorOptions {
  readonly json?: boolean;
}

export interface ShowOptions {
  readonly json?: boolean;
}

export interface ListOptions {
  readonly runs?: boolean;
  readonly tags?: readonly string[];
  readonly names?: boolean;
  readonly json?: boolean;
}

export interface DownOptions {
  readonly all?: boolean;
}
