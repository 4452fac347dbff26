import type { RunRecord } from "../domain/record.ts";

export interface ReporterOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Renders run records to a string; printing is somebody else's job. */
export interface Reporter {
  readonly name: string;
  render(records: readonly RunRecord[], options: ReporterOptions): string;
}
