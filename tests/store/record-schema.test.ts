import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recordJsonSchema, recordSchema } from "../../src/store/record-schema.ts";
import { sampleRecord } from "../support/sample-run.ts";

const root = new URL("../../", import.meta.url);

describe("the schema of a run record", () => {
  it("is the one in docs/", () => {
    const committed: unknown = JSON.parse(readFileSync(new URL("docs/record.schema.json", root), "utf8"));
    expect(committed, "regenerate it: npm run schemas").toEqual(recordJsonSchema());
  });

  it("knows every key of a record, and needs those at the top", () => {
    expect(recordSchema.parse(sampleRecord())).toEqual(sampleRecord());
    for (const key of Object.keys(sampleRecord())) {
      const { [key]: _, ...rest } = sampleRecord() as unknown as Record<string, unknown>;
      // Records that were kept before there were faults, disturbances or remarks have no such key.
      const isYounger = ["faults", "disturbed", "remarks"].includes(key);
      expect(recordSchema.safeParse(rest).success, `without ${key}`).toBe(isYounger);
    }
  });

  it("lets keys of a later lockbench through", () => {
    expect(recordSchema.safeParse({ ...sampleRecord(), invented: true }).success).toBe(true);
  });

  it("is explained key by key in docs/record.md", () => {
    const text = readFileSync(new URL("docs/record.md", root), "utf8");
    const keys = new Set<string>();
    JSON.stringify(recordJsonSchema(), (_, value: unknown) => {
      if (value !== null && typeof value === "object" && "properties" in value) {
        for (const key of Object.keys(value.properties ?? {})) keys.add(key);
      }
      return value;
    });
    expect([...keys].filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });
});
