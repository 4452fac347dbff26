import { labelsSchema, type Variables, variablesSchema } from "./environment.ts";
import { mapping, oneForm, parsed, text } from "./spelling.ts";

export interface BuildSpec {
  /** Relative to the folder of the Compose file. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly args: Variables;
  readonly target: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

const A_CONTEXT = "the path of a folder (lockbench builds from no URL)";

const context = parsed(A_CONTEXT, (value) =>
  typeof value === "string" && value !== "" && !/^(\w+:\/\/|git@|github\.com\/)/.test(value) ? value : undefined,
);

const longBuild = mapping({
  context: context.prefault("."),
  dockerfile: text("the path of a Dockerfile").prefault("Dockerfile"),
  args: variablesSchema.prefault({}),
  target: text("the name of a stage").optional(),
  labels: labelsSchema.prefault({}),
}).transform(({ target, ...rest }): BuildSpec => ({ ...rest, target: target ?? null }));

export const buildSchema = oneForm<BuildSpec>(`${A_CONTEXT}, or a mapping of context, dockerfile, …`, {
  text: context.transform((folder) => ({
    context: folder,
    dockerfile: "Dockerfile",
    args: {},
    target: null,
    labels: {},
  })),
  mapping: longBuild,
});
