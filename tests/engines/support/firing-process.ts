import { execa } from "execa";
import type { LoadPlan } from "../../../src/domain/plan.ts";
import { jobFor } from "./job.ts";

export interface Firing {
  /** What became of the load: the number of attempts, or the code or message of the error. */
  readonly result: number | string;
  /** How long the process lived on after the load had ended. */
  readonly lingeredMs: number;
}

const SCRIPT = `
  import { autocannonEngine } from ${JSON.stringify(new URL("../../../dist/engines/autocannon.js", import.meta.url).href)};
  const { job, abortAfter } = JSON.parse(process.argv[1]);
  const abort = new AbortController();
  const progress = ({ sent }) => abortAfter !== null && sent >= abortAfter && abort.abort(new Error("Ctrl-C"));
  let result;
  try {
    result = (await autocannonEngine.fire({ ...job, progress, signal: abort.signal })).history.length;
  } catch (error) {
    result = error.code ?? error.message;
  }
  const endedAt = performance.now();
  process.on("exit", () => console.log(JSON.stringify({ result, lingeredMs: performance.now() - endedAt })));
`;

/**
 * Fires a load in a process of its own, which ends by itself when nothing of the load is left open.
 * @param abortAfter abort once this many attempts have been sent; null: never
 * @param fileDescriptors the limit for the process; undefined: the machine's
 */
export async function fireInProcess(
  url: string,
  load: Partial<LoadPlan>,
  { abortAfter = null, fileDescriptors }: { abortAfter?: number | null; fileDescriptors?: number } = {},
): Promise<Firing> {
  const argument = JSON.stringify({ job: jobFor(url, { load }), abortAfter });
  const limit = fileDescriptors === undefined ? "" : `ulimit -n ${String(fileDescriptors)};`;
  const node = [process.execPath, "--input-type=module", "--eval", SCRIPT, argument];
  const { stdout } = await execa("bash", ["-c", `${limit} exec "$@"`, "bash", ...node]);
  return JSON.parse(stdout) as Firing;
}
