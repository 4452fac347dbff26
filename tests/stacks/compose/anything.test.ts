import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { LockbenchError } from "../../../src/domain/errors.ts";
import { readCompose } from "../../../src/stacks/docker/compose/read-compose.ts";
import { serviceSchema } from "../../../src/stacks/docker/compose/schema/service.ts";
import { shopFolder } from "./reading.ts";

/** Reading either gives a project or a LockbenchError of exit 2; anything else fails the test. */
async function settle(file: string, yaml: string): Promise<void> {
  await writeFile(file, yaml);
  const error: unknown = await readCompose({ file, variables: {}, profiles: ["*"] }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return;
  if (!(error instanceof LockbenchError)) throw new Error("expected a LockbenchError", { cause: error });
  expect(error.exit).toBe(2);
  expect(error.message.split("\n").length).toBeGreaterThan(1);
}

const scraps = fc.constantFrom(
  ..."services: |networks: |volumes: |  |\n|\n  |\n    |app:|image: x|build: .|ports:|- |- 80:80|&a |*a|<<: *a|<<: [*a, *b]|{|}|[|]|,|: |\"|'|#|${A|${A:-x}|$|~|null|true|1e3|0x1f|.inf|!!int |!x |---\n|...\n|? |depends_on: |environment: |K=V|healthcheck: |test: |__proto__: |constructor: |\t|\u0000|é|🙂".split(
    "|",
  ),
);

const keys = fc.constantFrom(...Object.keys(serviceSchema.shape), "x-y", "__proto__", "constructor", "logging");
const words = fc.constantFrom(
  "",
  "a",
  "80:80",
  "/a:/b",
  "1m30s",
  "512m",
  "${X}",
  "${X:?}",
  "K=V",
  "NONE",
  "CMD",
  "app",
  "../x",
  "[::1]:1:2",
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    words,
    fc.constantFrom(null, true, false, 0, -1, 3, 1.5, 65_536, 1e21),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, fc.constantFrom("target", "source", "type", "test", "aliases", "a")), tie("value"), {
      maxKeys: 4,
    }),
  ),
}));

it("gives a project or a LockbenchError for scraps of YAML in any order", async () => {
  const file = join(await shopFolder({ "compose.yml": "" }), "compose.yml");
  await fc.assert(
    fc.asyncProperty(fc.array(scraps, { maxLength: 25 }), (pieces) => settle(file, pieces.join(""))),
    { numRuns: 500 },
  );
});

it("gives a project or a LockbenchError for services of any shape", async () => {
  const file = join(await shopFolder({ "compose.yml": "" }), "compose.yml");
  const services = fc.dictionary(fc.constantFrom("app", "redis", "a b", "__proto__"), fc.dictionary(keys, value), {
    maxKeys: 3,
  });
  const resources = fc.option(value, { nil: undefined });
  const files = fc.record({ services, networks: resources, volumes: resources, name: resources });
  await fc.assert(
    fc.asyncProperty(files, (data) => settle(file, JSON.stringify(data))),
    { numRuns: 500 },
  );
});
