import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Plan } from "../domain/plan.ts";
import { markdownPage } from "../reporters/markdown-page.ts";
import { hanging } from "../reporters/paragraph.ts";
import { wrap } from "../reporters/width.ts";
import { findScenarios } from "../scenario/find-scenarios.ts";
import { describePlan } from "../scenario/describe-plan.ts";
import { initScenario } from "../scenario/init-scenario.ts";
import { type ListedScenario, listScenarios } from "../scenario/list-scenarios.ts";
import { readScenario } from "../scenario/read-scenario.ts";
import { resolvePlan } from "../scenario/resolve-plan.ts";
import type { ListOptions, ShowOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";
import { placesOf } from "./scenarios.ts";

/** Spaces before and behind the column of names. */
const INDENT = 4;

/** `lockbench list` */
export async function listAll(context: Context, options: ListOptions): Promise<Ended> {
  const { console } = context;
  const all = await listScenarios(placesOf(context));
  const listed = all.filter(
    ({ tags }) => options.tags === undefined || tags.some((tag) => options.tags?.includes(tag)),
  );
  if (options.json === true) console.result(JSON.stringify(listed, null, 2));
  else if (options.names === true) console.result(listed.map(({ name }) => name).join("\n"));
  else console.result(asText(context, listed));
  return OK;
}

function asText({ console: { chalk, width } }: Context, listed: readonly ListedScenario[]): string {
  const names = Math.max(0, ...listed.map(({ name }) => name.length));
  const line = ({ name, title, problem, origin }: ListedScenario): string => {
    const text = title ?? `unusable: ${problem?.split("\n")[0] ?? ""}`;
    const [first = "", ...others] = wrap(`${text}${origin === "own" ? " (yours)" : ""}`, width - names - INDENT);
    const paint = title === null ? chalk.red : (plain: string) => plain;
    const below = others.map((more) => `\n${" ".repeat(names + INDENT)}${paint(more)}`);
    return `  ${chalk.bold(name.padEnd(names))}  ${paint(first)}${below.join("")}`;
  };
  const group = (heading: string, of: readonly ListedScenario[]): string[] =>
    of.length === 0 ? [] : [heading, ...of.map(line), ""];
  const sound = group(
    "Scenarios",
    listed.filter(({ control }) => !control),
  );
  const broken = group(
    "Controls: shops that are broken on purpose",
    listed.filter(({ control }) => control),
  );
  return [...sound, ...broken].join("\n").trimEnd() || "no scenario has one of these tags";
}

/** `lockbench show` */
export async function showScenario(context: Context, pattern: string, options: ShowOptions): Promise<Ended> {
  const { scenarios, notes } = await findScenarios([pattern], placesOf(context));
  const { width } = context.console;
  for (const note of notes) context.console.note(note);
  for (const { file } of scenarios) {
    const plan = resolvePlan(await readScenario(file, { cwd: context.host.cwd }));
    if (options.json === true) context.console.result(JSON.stringify(plan, null, 2));
    else
      context.console.result([described(plan, width), file, "", markdownPage(await readmeOf(file), width)].join("\n"));
  }
  return OK;
}

const LABEL = /^ {2}(?:\S+(?: \S+)*)? {2,}/;

/** The plan's rows, wrapped so that what follows a label stays beside it. */
function described(plan: Plan, width: number): string {
  return describePlan(plan)
    .split("\n")
    .flatMap((line) => {
      const label = LABEL.exec(line)?.[0] ?? "";
      return hanging(label, line.slice(label.length), width);
    })
    .join("\n");
}

async function readmeOf(file: string): Promise<string> {
  return readFile(join(dirname(file), "README.md"), "utf8").catch(() => "This scenario has no README.md.");
}

/** `lockbench init` */
export async function initialise(context: Context, name: string): Promise<Ended> {
  const { files } = await initScenario(name, placesOf(context));
  const made = files.map((file) => `  ${relative(context.host.cwd, file)}`);
  context.console.result(["made", ...made, "", `next: lockbench run ./${name}`].join("\n"));
  return OK;
}
