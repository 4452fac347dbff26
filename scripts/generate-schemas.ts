import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { matrixJsonSchema, scenarioJsonSchema, targetJsonSchema } from "../src/scenario/json-schema.ts";
import { recordJsonSchema } from "../src/store/record-schema.ts";

/*
 * Writes the JSON Schemas under docs/, in the folder in which it is called.
 * With --check it writes nothing and exits with 1 when one of them is stale.
 */
const SCHEMAS: readonly (readonly [string, object])[] = [
  ["docs/scenario.schema.json", scenarioJsonSchema()],
  ["docs/target.schema.json", targetJsonSchema()],
  ["docs/matrix.schema.json", matrixJsonSchema()],
  ["docs/record.schema.json", recordJsonSchema()],
];

async function isStale(file: string, content: string): Promise<boolean> {
  return (await readFile(file, "utf8").catch(() => "")) !== content;
}

const checking = process.argv.includes("--check");
for (const [file, schema] of SCHEMAS) {
  const content = `${JSON.stringify(schema, null, 2)}\n`;
  if (!(await isStale(file, content))) continue;
  if (checking) {
    process.stderr.write(`${file}: expected what the sources say, found something else; type: npm run schemas\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, content);
    process.stderr.write(`${file}: written\n`);
  }
}
