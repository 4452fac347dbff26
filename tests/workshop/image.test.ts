import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import glob from "fast-glob";
import { expect, test } from "vitest";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: object;
}

const root = resolve(import.meta.dirname, "../..");
const text = (file: string): string => readFileSync(join(root, file), "utf8");
const read = (file: string): unknown => JSON.parse(text(file));

const ours = read("package.json") as Manifest;
const image = read("compose/app/package.json") as Manifest;
const ROOMS = ["server", "controls", "stacks/docker/door"];

test("the image gets exactly the packages that the programs in it import, of the same ranges as the repository", () => {
  const sources = glob.sync(
    ROOMS.map((room) => `src/${room}/**/*.ts`),
    { cwd: root },
  );
  const imported = sources.flatMap((file) =>
    [...text(file).matchAll(/\bfrom "((?!node:|\.)[^"]+)"/g)].map(([, name = ""]) => name),
  );
  const ranges = Object.fromEntries([...new Set(imported)].map((name) => [name, ours.dependencies[name]]));
  expect(image.dependencies).toEqual(ranges);
  expect(image.engines).toEqual(ours.engines);
});

test("the image gets the same versions as the repository has", () => {
  const [here, there] = ["package-lock.json", "compose/app/package-lock.json"].map(
    (file) => (read(file) as Lock).packages,
  );
  const { "": _, ...packages } = there ?? {};
  expect(Object.keys(packages).length).toBeGreaterThan(10);
  for (const [path, { version, integrity }] of Object.entries(packages))
    expect(here?.[path], `${path}; run npm update there, or copy the lock file again`).toMatchObject({
      version,
      integrity,
    });
});

test("what the Dockerfile copies is in the package, and in what the engine is sent", () => {
  const copied = [...text("compose/Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = ""]) =>
    paths.split(" "),
  );
  expect(copied).toEqual(expect.arrayContaining(ROOMS.map((room) => `dist/${room}`)));
  const sent = text(".dockerignore")
    .split("\n")
    .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  for (const path of copied)
    expect(
      sent.some((folder) => `${path}/`.startsWith(`${folder}/`)),
      path,
    ).toBe(true);
  const { files } = read("package.json") as { files: string[] };
  expect(files).toEqual(expect.arrayContaining(["dist", "compose", ".dockerignore"]));
});
