import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { PLACEHOLDERS } from "../../src/scenario/placeholders.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { resolvePlan } from "../../src/scenario/resolve-plan.ts";
import { matrixJsonSchema, scenarioJsonSchema, targetJsonSchema } from "../../src/scenario/json-schema.ts";
import { freePort } from "../support/free-port.ts";
import { startRedis } from "../support/redis-server.ts";
import { folderWith, PACKAGE } from "./folders.ts";

const doc = (name: string): Promise<string> => readFile(join(PACKAGE, "docs", name), "utf8");

interface Property {
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every key that a schema knows, at any depth. */
function properties(schema: unknown, path = ""): Property[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key !== "properties" || typeof value !== "object" || value === null) return properties(value, path);
    return Object.entries(value).flatMap(([name, inner]: [string, Readonly<Record<string, unknown>>]) => [
      { path: `${path}.${name}`, schema: inner },
      ...properties(inner, `${path}.${name}`),
    ]);
  });
}

describe("the JSON Schemas", () => {
  it.each([
    ["scenario.schema.json", scenarioJsonSchema],
    ["target.schema.json", targetJsonSchema],
    ["matrix.schema.json", matrixJsonSchema],
  ])("docs/%s is what the sources say (else: npm run schemas)", async (file, make) => {
    expect(await doc(file)).toBe(`${JSON.stringify(make(), null, 2)}\n`);
  });

  it("explain every key, for editors to show", () => {
    const known = [scenarioJsonSchema(), targetJsonSchema(), matrixJsonSchema()].flatMap((one) => properties(one));
    expect(known.length).toBeGreaterThan(80);
    expect(known.filter(({ schema }) => typeof schema["description"] !== "string").map(({ path }) => path)).toEqual([]);
  });
});

describe("the documents", () => {
  it("name every key of a scenario, of a target and of a matrix", async () => {
    const scenarios = await doc("scenarios.md");
    const shops = await doc("bring-your-own.md");
    const namedIn = (text: string, { path }: Property): boolean => {
      const key = path.slice(path.lastIndexOf(".") + 1);
      return new RegExp(`[\`.{, ]${key}[\`:, }.]`).test(text);
    };
    const ofScenario = properties(scenarioJsonSchema()).filter(({ path }) => !path.startsWith(".target."));
    expect(ofScenario.filter((one) => !namedIn(scenarios, one)).map(({ path }) => path)).toEqual([]);
    const ofTarget = properties(targetJsonSchema());
    expect(ofTarget.filter((one) => !namedIn(shops, one)).map(({ path }) => path)).toEqual([]);
    const matrices = await doc("matrix-file.md");
    const ofMatrix = properties(matrixJsonSchema());
    expect(ofMatrix.filter((one) => !namedIn(matrices, one)).map(({ path }) => path)).toEqual([]);
  });

  it("list every placeholder with the places that take it", async () => {
    const rows = (await doc("bring-your-own.md")).matchAll(
      /^\| `\$\{([\w.]+)\}` *\|(.*)\|(.*)\|(.*)\|(.*)\| (.*?) *\|$/gm,
    );
    const listed = [...rows].map(([, name, start, seed, probe, purchase, meaning]) => ({
      name,
      places: Object.entries({ start, seed, probe, purchase }).flatMap(([place, tick]) =>
        tick?.trim() === "✓" ? [place] : [],
      ),
      meaning,
    }));
    expect(listed).toEqual(PLACEHOLDERS.map(({ name, places, meaning }) => ({ name, places: [...places], meaning })));
  });
});

/** The code blocks of the worked example, as files. */
async function exampleFolder(): Promise<string> {
  const text = await doc("bring-your-own.md");
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";
  const folder = await folderWith({ "my-shop/server.mjs": block("js"), "my-shop/scenario.yaml": block("yaml") });
  await symlink(join(PACKAGE, "node_modules"), join(folder, "node_modules"));
  return join(folder, "my-shop");
}

describe("the worked example of docs/bring-your-own.md", () => {
  it("is a sound scenario", async () => {
    const folder = await exampleFolder();
    const plan = resolvePlan(await readScenario(join(folder, "scenario.yaml")));
    expect(plan.target).toMatchObject({
      start: { command: ["node", "server.mjs"], cwd: folder },
      purchaseProbe: { kind: "http", path: "/sales", rows: "", fields: { buyer: "user" } },
      stockProbes: [{ kind: "redis", name: "redis", key: "stock:${product}" }],
    });
    expect(plan).toMatchObject({ lock: null, load: { buyers: 150 }, products: [{ id: "1", stock: 50 }] });
  });

  it("is a shop that sells exactly its stock, and answers as its contract says", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    await redis.client.set("stock:1", "5");
    const shop = await startExample(await exampleFolder(), redis.url);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, buyer) => buy(shop, buyer)));
    expect(answers.filter((status) => status === 201)).toHaveLength(5);
    expect(answers.filter((status) => status === 409)).toHaveLength(7);
    expect(await redis.client.get("stock:1")).toBe("0");
    const sales = (await (await fetch(`${shop}/sales`)).json()) as readonly { readonly user: string }[];
    expect(new Set(sales.map(({ user }) => user)).size).toBe(5);
  });
});

async function startExample(folder: string, redisUrl: string): Promise<string> {
  const port = await freePort();
  const server = execa("node", ["server.mjs"], {
    cwd: folder,
    env: { PORT: String(port), REDIS_URL: redisUrl },
    reject: false,
  });
  onTestFinished(async () => {
    server.kill("SIGKILL");
    await server;
  });
  const url = `http://127.0.0.1:${String(port)}`;
  await expect
    .poll(
      () =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200);
  return url;
}

async function buy(shop: string, buyer: number): Promise<number> {
  const body = JSON.stringify({ product: "1", buyer: `buyer-${String(buyer)}`, key: `key-${String(buyer)}` });
  return (await fetch(`${shop}/buy`, { method: "POST", body })).status;
}
