import * as z from "zod";
import { isMapping, type Mapping } from "../host/yaml/path.ts";
import { matrixSchema } from "./schema/matrix.ts";
import { scenarioSchema } from "./schema/scenario.ts";
import { targetSchema } from "./schema/target.ts";

type JsonSchema = Mapping;

/** The JSON Schema (draft-07, which editors know best) of a scenario.yaml as a user writes it. */
export function scenarioJsonSchema(): JsonSchema {
  const scenario = schemaOf(scenarioSchema);
  const target = schemaOf(targetSchema);
  const properties = isMapping(scenario["properties"]) ? scenario["properties"] : {};
  return {
    ...scenario,
    title: "lockbench scenario",
    description: "A sale, the shop under test, and what must be true afterwards.",
    properties: { ...properties, target: targetForms(target) },
  };
}

/** The JSON Schema of a *.target.yaml: the contract with a shop, shared by several scenarios. */
export function targetJsonSchema(): JsonSchema {
  return { ...schemaOf(targetSchema), title: "lockbench target" };
}

/** The JSON Schema of a matrix.yaml: which lock must hold under which fault. */
export function matrixJsonSchema(): JsonSchema {
  return { ...schemaOf(matrixSchema), title: "lockbench matrix" };
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}

function targetForms(target: JsonSchema): JsonSchema {
  const { $schema: _, definitions: __, ...whole } = target;
  const part = withoutRequired(whole);
  const from = { type: "string", description: "The target file that this one changes; relative to this file." };
  const properties = isMapping(part["properties"]) ? part["properties"] : {};
  return {
    description: "The contract with the shop under test: a target file, a target file with changes, or the whole.",
    anyOf: [
      { type: "string", description: "A *.target.yaml, relative to this file." },
      { ...part, properties: { from, ...properties }, required: ["from"] },
      whole,
    ],
  };
}

/** What is merged over a file need not be complete; lists are replaced, so their entries still must be. */
function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _, ...loose } = schema;
  if (!isMapping(loose["properties"])) return loose;
  const properties = Object.entries(loose["properties"]).map(([key, value]) => [
    key,
    isMapping(value) ? withoutRequired(value) : value,
  ]);
  return { ...loose, properties: Object.fromEntries(properties) as JsonSchema };
}
