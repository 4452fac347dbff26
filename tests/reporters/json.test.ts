import { describe, expect, it } from "vitest";
import { jsonArrayReporter, jsonReporter } from "../../src/reporters/json.ts";
import { sampleRecord } from "../support/sample-run.ts";
import { oversoldRecord, plain } from "./samples.ts";

describe("records as JSON", () => {
  it("are one object for one run and an array for several", () => {
    const one: unknown = JSON.parse(jsonReporter.render([sampleRecord()], plain(80)));
    expect(one).toEqual(sampleRecord());
    const two: unknown = JSON.parse(jsonReporter.render([sampleRecord(), oversoldRecord()], plain(80)));
    expect(two).toEqual([sampleRecord(), oversoldRecord()]);
  });

  it("are an array of one, or of none, when the command line says so", () => {
    expect(JSON.parse(jsonArrayReporter.render([sampleRecord()], plain(80)))).toEqual([sampleRecord()]);
    expect(jsonArrayReporter.render([], plain(80))).toBe("[]\n");
  });

  it("have their keys in the same order whoever made the record", () => {
    const shuffled: unknown = reversed(sampleRecord());
    const text = jsonReporter.render([shuffled as ReturnType<typeof sampleRecord>], plain(80));
    expect(text).toBe(jsonReporter.render([sampleRecord()], plain(80)));
    expect(text.startsWith('{\n  "schemaVersion": 1,\n  "id": ')).toBe(true);
    expect(text.endsWith("}\n")).toBe(true);
  });
});

/** The same data with the keys of every object back to front; witnesses keep their order, which means something. */
function reversed(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reversed(item));
  if (value === null || typeof value !== "object" || key === "stock") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]: [string, unknown]) => [name, reversed(item, name)]),
  );
}
