import { exitCode } from "../domain/errors.ts";
import { examine } from "../doctor/examine.ts";
import { renderDoctor } from "../doctor/render.ts";
import { wrap } from "../reporters/width.ts";
import type { DoctorOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";

/** `lockbench doctor`: exit 5 when something that is needed is missing. */
export async function showDoctor(context: Context, options: DoctorOptions): Promise<Ended> {
  const { host, console, resultsFolder, packageFolder } = context;
  const report = await examine({ host, resultsFolder, packageFolder });
  const fitting = (text: string, column: number): readonly string[] => wrap(text, console.width - column);
  const text = (): string => renderDoctor(report, { colour: console.colour, wrap: fitting });
  console.result(options.json === true ? JSON.stringify(report, null, 2) : text());
  if (report.exit === exitCode.passed) return OK;
  const reasonTo = options.json === true ? "stderr" : "stdout";
  return { exit: report.exit, reason: "something that lockbench needs is missing", reasonTo };
}
