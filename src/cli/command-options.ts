import type { StackOptions } from "./run-options.ts";

/** The options of each command, as commander hands them over. */

/** Of commands that look at a stack, or stop it. */
interface OneStack {
  /** The scenario whose stack is meant. */
  readonly of?: string;
}

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

export interface LogsOptions extends OneStack {
  readonly follow?: boolean;
  readonly lines: number;
}

export interface InspectOptions extends OneStack {
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

export interface DownOptions extends OneStack {
  readonly all?: boolean;
}
